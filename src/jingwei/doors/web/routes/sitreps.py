"""Addresses of sitreps."""

from django.urls import path

from jingwei.doors.web.views import clocks, sitreps

urlpatterns: list = [
    path("clocks", clocks.list_clocks),
    path("clocks/<uuid:obligation_id>/met", clocks.meet),
    path("sitreps", sitreps.list_all),
    path("sitreps/draft", sitreps.draft),
    path("sitreps/<uuid:sitrep_id>", sitreps.sitrep),
    path("sitreps/<uuid:sitrep_id>/preview", sitreps.preview),
    path("sitreps/<uuid:sitrep_id>/submit", sitreps.submit),
    path("sitreps/<uuid:sitrep_id>/receive", sitreps.receive),
    path("sitreps/<uuid:sitrep_id>/discard", sitreps.discard),
    path("sitreps/<uuid:sitrep_id>/restore", sitreps.restore),
]
