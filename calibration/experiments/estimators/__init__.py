"""The estimators of published studies, as functions of tables of children or schools."""
