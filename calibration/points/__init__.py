"""Many points of parameters and settings, each run beside its baseline, with one row of outcomes a run."""
