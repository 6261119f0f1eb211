"""Words everyone shares: facts, refusals, moments, ids, units, places on Earth. Pure."""
