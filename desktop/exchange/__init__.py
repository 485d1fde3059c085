"""Other people's files, from and to plain values."""
