"""What was written on paper while the machine was gone, entered afterwards under its own times."""
