"""Tables as people send them: spreadsheets and text with commas, read with care and written without traps."""
