"""From district records to the city a simulation opens with: every margin met, every gap in the files filled or told."""
