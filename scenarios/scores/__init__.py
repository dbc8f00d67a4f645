"""Scores of records put on one scale: SD of the pupils a test is referred to."""
