"""Experiments on schools that close: displaced children, the schools that take them, and phase-outs."""
