"""Addresses of shelters, of who seeks whom, of hospitals, and of what the public sees of them."""

from django.urls import path

from jingwei.doors.web.views import (
    carried,
    hospitals,
    seeking,
    shelters,
    shelters_acts,
    shelters_assign,
    shelters_register,
)

_DOOR = {"door": shelters_register.DOOR}
urlpatterns: list = [
    path("public/shelters", shelters.public),
    path("public/seeking", seeking.public),
    path("shelters", shelters.board),
    path("shelters/file.<slug:kind>", shelters.export),
    path("shelters/open", shelters_acts.open_),
    path("shelters/heads", shelters_acts.adopt_heads),
    path("shelters/find", shelters.find_person),
    path("shelters/assign", shelters_assign.assign),
    path("shelters/card", shelters.card),
    path("shelters/card/<str:number>", shelters.card),
    path("shelters/register", shelters_register.page),
    path("shelters/register/shell", carried.shell, _DOOR),
    path("shelters/register/token", carried.token, _DOOR),
    path("shelters/register/send", shelters_register.send, _DOOR),
    path("shelters/register/worker.js", carried.worker, _DOOR),
    path("shelters/register/app.webmanifest", carried.manifest, _DOOR),
    path("shelters/seeking", seeking.list_seekings),
    path("shelters/seeking/new", seeking.ask),
    path("shelters/seeking/<uuid:seeking_id>", seeking.seeking),
    *(
        path(f"shelters/seeking/<uuid:seeking_id>/{what}", seeking.on_seeking, {"what": what})
        for what in seeking.ON_SEEKING
    ),
    path("shelters/households/<uuid:household_id>", shelters.household),
    path("shelters/guests/<uuid:guest_id>/change", shelters_acts.change_guest),
    *(
        path(f"shelters/guests/<uuid:guest_id>/{what}", shelters_acts.on_guest, {"what": what})
        for what in shelters_acts.ON_GUEST
    ),
    path("shelters/<uuid:opening_id>", shelters.desk),
    path("shelters/<uuid:opening_id>/numbers", shelters.numbers),
    path("shelters/<uuid:opening_id>/paper", shelters.paper),
    path("shelters/<uuid:opening_id>/people.<slug:kind>", shelters.export_people),
    path("shelters/<uuid:opening_id>/change", shelters_acts.change),
    path("shelters/<uuid:opening_id>/receive", shelters_acts.receive_card),
    path("shelters/<uuid:opening_id>/join", shelters_acts.join),
    path("shelters/<uuid:opening_id>/supply", shelters_acts.count_supply),
    *(
        path(f"shelters/<uuid:opening_id>/{what}", shelters_acts.on_opening, {"what": what})
        for what in shelters_acts.ON_OPENING
    ),
    *(
        path(f"shelters/<uuid:opening_id>/{what}", shelters_acts.on_people, {"what": what})
        for what in shelters_acts.ON_PEOPLE
    ),
    path("hospitals", hospitals.list_hospitals),
    path("hospitals/file.<slug:kind>", hospitals.export),
    path("hospitals/transfers", hospitals.list_transfers),
    path("hospitals/transfers/new", hospitals.ask_transfer),
    path("hospitals/transfers/<uuid:transfer_id>", hospitals.transfer),
    *(
        path(f"hospitals/transfers/<uuid:transfer_id>/{what}", hospitals.on_transfer, {"what": what})
        for what in hospitals.ON_TRANSFER
    ),
    *(
        path(f"hospitals/steps/<uuid:step_id>/{what}", hospitals.on_step, {"what": what})
        for what in ("start", "end")
    ),
    path("hospitals/<uuid:hospital_id>", hospitals.hospital),
    path("hospitals/<uuid:hospital_id>/beds", hospitals.report_beds),
    path("hospitals/<uuid:hospital_id>/surge", hospitals.plan_surge),
]
