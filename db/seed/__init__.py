"""What every office starts with, as data for a new file."""
