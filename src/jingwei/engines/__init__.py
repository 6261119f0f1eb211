"""Numbers in, numbers out: pure methods that several apps share."""
