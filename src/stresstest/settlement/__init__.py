"""Settling given years through a contract, without sampling: a table in, every transfer and every figure out."""
