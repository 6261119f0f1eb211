"""Storm: six hours of reports about a disaster whose truth is known, and an independent checker."""

from bench.storm.storm import Item, Storm, generate

__all__ = ["Item", "Storm", "generate"]
