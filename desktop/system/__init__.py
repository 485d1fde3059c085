"""This machine: folders, settings, log, single instance."""
