"""Which of the numbers we do not know matter to what a plan does."""
