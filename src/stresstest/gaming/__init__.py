"""A strategic provider against the clauses: what a contract lets it do, what it would do, and what stops it."""
