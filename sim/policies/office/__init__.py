"""Policies of the office itself: what it says, whose mandate it has, whom it invites and on which terms."""
