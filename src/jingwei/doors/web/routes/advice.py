"""Addresses of what experts are asked at an incident."""

from django.urls import path

from jingwei.doors.web.views import advice

urlpatterns: list = [
    path("incidents/<uuid:incident_id>/advice", advice.advice),
    path("advice/<uuid:consultation_id>/record", advice.record),
    path("advice/<uuid:consultation_id>/link", advice.link),
]
