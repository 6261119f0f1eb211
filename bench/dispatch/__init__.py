"""Dispatch under fire: orders of five policies in one made-up city, judged by code that plans nothing."""
