"""The command line, `portfolio`: the only part that imports everything, and only when it is needed."""
