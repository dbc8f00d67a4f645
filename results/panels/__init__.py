"""The children of a run, one row a child and June, as a Parquet file beside the database."""
