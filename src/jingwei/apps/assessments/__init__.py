"""After the event: what the record says, measured against what the rules asked for."""
