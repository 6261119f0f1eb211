"""How long it takes to check a record of a million entries with their rows."""
