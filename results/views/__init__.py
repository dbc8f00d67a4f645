"""Views of the database for the questions people ask, and the query behind every figure."""
