"""District records: what the files of a city say of its schools over the years, tidy, with intervals kept."""
