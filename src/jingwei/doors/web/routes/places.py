"""Addresses of the places."""

from django.urls import path

from jingwei.doors.web.views import places

urlpatterns: list = [
    path("places", places.list_places),
    path("places/<str:code>", places.place),
]
