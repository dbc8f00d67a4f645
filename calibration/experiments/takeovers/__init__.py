"""Experiments of schools that are handed over or turned around."""
