"""OGC API - Features, Part 1 (OGC 17-069r4): registers with points, for map programs. Read only."""
