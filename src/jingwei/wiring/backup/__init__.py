"""Keeping a node: one file that holds it, made while it runs, and a node made again from that file."""
