"""The command `portfolio backtest`."""
