"""What the office does, one module a noun."""
