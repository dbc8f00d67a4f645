"""Experiments of single practices: more time, tutoring."""
