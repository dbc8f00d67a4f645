"""Running a stored run again from what the store holds."""
