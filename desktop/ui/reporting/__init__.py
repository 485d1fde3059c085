"""Year-end reporting 年终上报: check, preview, export."""
