"""Policies that hold schools to account: the yardstick, and contracts that end where it says so."""
