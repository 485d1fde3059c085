"""Penalty cases as records of the ledger."""
