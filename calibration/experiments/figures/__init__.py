"""Published figures, typed in from the evidence table; one file a subject, each with `FIGURES`."""
