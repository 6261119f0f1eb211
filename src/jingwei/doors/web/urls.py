"""Addresses of the pages."""

from django.urls import path

from jingwei.doors.web.routes import (
    account,
    carried,
    compare,
    dispatch,
    keeping,
    maps,
    mending,
    needs,
    places,
    plans,
    registers,
    releases,
    report_files,
    rules,
    shelters,
    sitreps,
    stock,
    tasks,
)

from .views import decide, desk, incidents, look, mend, operate, phone, replay, reports, room, search, sign_in

urlpatterns = [
    path("", desk.desk),
    path("sign-in", sign_in.sign_in),
    path("sign-out", sign_in.sign_out),
    path("post", sign_in.take_post),
    path("switch", sign_in.switch),
    path("look", look.look),
    path("keys", look.keys),
    path("incidents", incidents.list_incidents),
    path("incidents/<uuid:incident_id>", room.room),
    *(
        path(f"incidents/<uuid:incident_id>/{what}", decide.decide, {"what": what})
        for what in decide.DECISIONS
    ),
    path("reports", reports.list_reports),
    path("reports/<uuid:report_id>", reports.report),
    path("reports/<uuid:report_id>/join", mend.join),
    path("reports/<uuid:report_id>/separate", mend.separate),
    path("reports/<uuid:report_id>/open", mend.open_incident),
    path("reports/<uuid:report_id>/caller", mend.reveal),
    path("reports/<uuid:report_id>/transcribe", mend.transcribe),
    path("phone", phone.phone),
    path("suggest/kinds", phone.suggest_kinds),
    path("suggest/places", phone.suggest_places),
    path("replay", replay.replay),
    path("operate", operate.operate),
    path("search", search.search),
    *places.urlpatterns,
    *plans.urlpatterns,
    *report_files.urlpatterns,
    *stock.urlpatterns,
    *dispatch.urlpatterns,
    *needs.urlpatterns,
    *shelters.urlpatterns,
    *tasks.urlpatterns,
    *registers.urlpatterns,
    *sitreps.urlpatterns,
    *releases.urlpatterns,
    *account.urlpatterns,
    *compare.urlpatterns,
    *rules.urlpatterns,
    *mending.urlpatterns,
    *keeping.urlpatterns,
    *maps.urlpatterns,
    *carried.urlpatterns,
]
