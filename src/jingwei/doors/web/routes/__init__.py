"""Addresses, a module per capability; urls.py gathers them."""
