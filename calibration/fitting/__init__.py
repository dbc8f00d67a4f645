"""Parameters fitted to what was seen of a city: targets, a pool of runs, the posterior, and how far to trust it."""
