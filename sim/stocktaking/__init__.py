"""What is written down every June."""
