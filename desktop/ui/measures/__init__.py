"""An enterprise's own plan 一企一策: its section in the file, and its forms."""
