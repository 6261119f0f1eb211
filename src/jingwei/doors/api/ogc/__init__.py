"""OGC API - Features, Part 1 (OGC 17-069r4): registers and outlines, for map programs. Read only."""
