"""The scoreboard: everything the model is held to, in one table of verdicts."""
