"""What all checks of an import share."""
