"""The map: what its address asks for, and the drawing that needs no script."""
