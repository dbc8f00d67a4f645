"""What comes out: the store of runs, summaries, figures and the one-page report.

Each module is imported by the one who needs it: `results.store`, `results.tables`, `results.figures`,
`results.report`.
"""
