"""Experiments on whole districts: shares of charters, choice rounds, teachers, and New Orleans."""
