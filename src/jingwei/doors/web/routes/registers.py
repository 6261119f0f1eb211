"""Addresses of registers: every declared register has the same."""

from django.urls import path

from jingwei.doors.web.views import (
    register_attached,
    register_calendar,
    register_files,
    register_import,
    register_many,
    register_paper,
    register_rows,
    registers,
)

urlpatterns: list = [
    path("registers", registers.index),
    path("registers/<slug:code>", registers.list_rows),
    path("registers/<slug:code>/views", registers.save_view),
    path("registers/<slug:code>/views/<uuid:view_id>/forget", registers.forget_view),
    path("registers/<slug:code>/new", register_rows.new),
    path("registers/<slug:code>/many", register_many.many),
    path("registers/<slug:code>/file.<slug:kind>", register_files.export),
    path("registers/<slug:code>/calendar", register_calendar.calendar),
    path("registers/<slug:code>/calendar.ics", register_calendar.download),
    path("registers/<slug:code>/calendar/<uuid:feed_id>/revoke", register_calendar.revoke),
    path("calendar/<str:secret>.ics", register_calendar.feed),
    path("registers/<slug:code>/labels", register_paper.labels),
    path("registers/<slug:code>/tree", register_paper.tree),
    path("registers/<slug:code>/import", register_import.begin),
    path("registers/<slug:code>/import/<uuid:import_id>", register_import.one),
    path("registers/<slug:code>/import/<uuid:import_id>/undo", register_import.undo),
    path("registers/<slug:code>/import/<uuid:import_id>/wrong.<slug:kind>", register_import.wrong_lines),
    path("registers/<slug:code>/<uuid:row_id>", registers.row),
    path("registers/<slug:code>/<uuid:row_id>/edit", register_rows.edit),
    path("registers/<slug:code>/<uuid:row_id>/undo/<uuid:change_id>", register_rows.undo),
    path("registers/<slug:code>/<uuid:row_id>/attach", register_attached.attach),
    path("registers/<slug:code>/<uuid:row_id>/files/<uuid:file_id>/open", register_attached.look),
    path("registers/<slug:code>/<uuid:row_id>/files/<uuid:file_id>/off", register_attached.take_off),
    path("registers/<slug:code>/<uuid:row_id>/files/<uuid:file_id>/back", register_attached.put_back),
    *(
        path(f"registers/<slug:code>/<uuid:row_id>/{what}", register_rows.act_on, {"what": what})
        for what in register_rows.ACTS
    ),
    path("suggest/organizations", registers.suggest_organizations),
]
