"""Batch studies: many named cases, each an ordinary run folder, in one folder with one table and one hash."""
