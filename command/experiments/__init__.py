"""The command `portfolio experiments`."""
