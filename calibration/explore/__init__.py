"""Levers by unknowns: where a plan fails, and which settings of it do well whatever is true."""
