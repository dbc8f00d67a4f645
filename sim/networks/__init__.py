"""Operators as data: one YAML file each, with sources."""
