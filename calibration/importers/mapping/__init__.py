"""Mapping files: how the columns and codes of a file become district records."""
