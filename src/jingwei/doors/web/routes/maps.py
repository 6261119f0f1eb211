"""Addresses of the map."""

from django.urls import path

from jingwei.doors.web.views import maps

urlpatterns: list = [
    path("map", maps.map_page),
    path("map/outlines", maps.outlines),
    path("map/areas", maps.drawn_areas),
]
