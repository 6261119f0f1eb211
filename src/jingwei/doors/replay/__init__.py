"""The door through which the past comes in: a case's timeline, played row by row through the same actions."""
