"""Numbers for decisions, read off the tables of a run with their errors. Knows neither the kernel nor report words."""
