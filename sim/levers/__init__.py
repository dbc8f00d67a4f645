"""What policies can ask of a district and do to it: how schools teach, seats and zones, openings."""
