"""The commands `portfolio fit` and `portfolio recover`, and posterior draws in place of priors."""
