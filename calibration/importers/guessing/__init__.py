"""A first mapping for a file nobody has written one for: guessed from headers and cells, said why, to be confirmed."""
