"""Addresses of needs, and of the public's page of them."""

from django.urls import path

from jingwei.doors.web.views import needs, needs_acts

urlpatterns: list = [
    path("public/needs", needs.public),
    path("needs", needs.list_needs),
    path("needs/file.<slug:kind>", needs.export),
    path("needs/new", needs_acts.ask),
    path("needs/totals", needs.list_totals),
    path("needs/totals.<slug:kind>", needs.export_totals),
    path("needs/advice", needs.list_advice),
    path("needs/advice/new", needs_acts.advise),
    path("needs/advice/<uuid:advice_id>/end", needs_acts.end_advice),
    path("needs/<uuid:need_id>", needs.need),
    path("needs/<uuid:need_id>/change", needs_acts.change),
    path("needs/<uuid:need_id>/serve", needs_acts.serve),
    *(
        path(f"needs/<uuid:need_id>/{what}", needs_acts.on_need, {"what": what})
        for what in needs_acts.ON_NEED
    ),
]
