"""What is asked of a city that is to be made: read, checked, and settled to one number each."""
