"""SQLite for a node: writers take turns, and nothing is written outside a transaction."""
