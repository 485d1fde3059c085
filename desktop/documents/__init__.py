"""Paper and sheets from plain values."""
