"""What the forms of the chain share: a dialog that performs one act, the gates, the people and days of an act."""
