"""The commands `portfolio sensitivity` and `portfolio explore`."""
