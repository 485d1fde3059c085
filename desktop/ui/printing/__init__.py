"""Printing: every list, calendar and report as PDF first; preview, printer and saved file all come from that one file."""
