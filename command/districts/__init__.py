"""Districts: checked, opened, made, and imported from files."""
