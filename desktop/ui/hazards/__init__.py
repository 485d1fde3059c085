"""The page of hazards, the forms of their chain, and the view of orders."""
