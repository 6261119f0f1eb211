"""Addresses of the comparison: the page, its facts, its clauses of plans."""

from django.urls import path

from jingwei.doors.web.views import compare

urlpatterns = [
    path("replay/compare", compare.compare),
    path("replay/compare/fact/<uuid:entry_id>", compare.fact),
    path("rules/plans/<str:row>", compare.rule),
]
