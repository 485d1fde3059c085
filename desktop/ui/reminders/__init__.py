"""Reminders: what is due before one's eyes, in a window of its own and in the tray."""
