"""Policies that change how schools teach: time, tutoring, coaching, classes, staffs, and freedom from rules."""
