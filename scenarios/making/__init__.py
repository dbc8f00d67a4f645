"""Makes a plausible city from a few published totals, without any file of a real one."""
