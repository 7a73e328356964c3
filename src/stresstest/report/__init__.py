"""Words and pictures from a finished run. Computes no new number: it chooses, rounds and words what the tables hold."""

from __future__ import annotations

from .page import build_report

__all__ = ["build_report"]
