"""Travel times over real road nets."""
