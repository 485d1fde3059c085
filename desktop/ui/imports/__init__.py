"""Taking a ledger in: file or clipboard, columns understood and corrected, preview, one act."""
