"""Measurements of how long RAS is held, how soon events arrive, what a dial costs: README.md."""
