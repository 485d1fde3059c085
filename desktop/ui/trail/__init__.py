"""The trail of what was done about an enterprise 尽职留痕."""
