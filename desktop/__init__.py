"""TownSafe 镇安: the desktop application of a township safety office. Imports nothing."""

__version__ = "0.1.0"
