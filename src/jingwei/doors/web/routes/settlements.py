"""Addresses of what help cost: the list, a statement, its charges, its file."""

from django.urls import path

from jingwei.doors.web.views import settlements

urlpatterns: list = [
    path("settlements", settlements.list_statements),
    path("settlements/open", settlements.open_statement),
    path("settlements/<uuid:statement_id>", settlements.statement),
    path("settlements/<uuid:statement_id>/file.csv", settlements.export),
    *(
        path(f"settlements/<uuid:statement_id>/{what}", settlements.on_statement, {"what": what})
        for what in settlements.ON_STATEMENT
    ),
    path("settlements/<uuid:statement_id>/charges/<uuid:charge_id>/price", settlements.price),
    path("settlements/<uuid:statement_id>/charges/<uuid:charge_id>/dispute", settlements.dispute),
]
