"""Use cases: one function each, which owns its transactions."""
