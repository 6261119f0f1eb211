"""Addresses of the tables of rules. Clauses of plans have theirs beside the comparison."""

from django.urls import path

from jingwei.doors.web.views import overlay_end, overlays, rules

urlpatterns: list = [
    path("rules", rules.index),
    path("rules/overlays", overlays.list_overlays),
    path("rules/overlays/<uuid:overlay_id>", overlays.one),
    path("rules/overlays/<uuid:overlay_id>/end", overlay_end.end),
    path("rules/<slug:table>", rules.list_rows),
    path("rules/<slug:table>/file.<slug:kind>", rules.export),
    path("rules/<slug:table>/<str:key>/overlay", overlays.propose),
    path("rules/<slug:table>/<str:key>", rules.row),
]
