"""Stress tests for long, whole-population, outcomes-based health contracts."""

__version__ = "0.1.0"
