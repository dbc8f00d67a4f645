"""Experiments of charters: lotteries, copies, and years after enrolment."""
