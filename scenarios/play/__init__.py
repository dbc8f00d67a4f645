"""A district played a year at a time: `Game` in `scenarios.play.game`, free of any screen."""
