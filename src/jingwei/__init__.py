"""Jingwei 经纬: the emergency management system of a place."""
