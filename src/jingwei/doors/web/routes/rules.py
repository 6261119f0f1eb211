"""Addresses of the tables of rules. Clauses of plans have theirs beside the comparison."""

from django.urls import path

from jingwei.doors.web.views import rules

urlpatterns: list = [
    path("rules", rules.index),
    path("rules/<slug:table>", rules.list_rows),
    path("rules/<slug:table>/file.<slug:kind>", rules.export),
    path("rules/<slug:table>/<str:key>", rules.row),
]
