"""The sceptic's checks of an import: every module in this folder has a `check` of its own, found by `run_checks`."""
