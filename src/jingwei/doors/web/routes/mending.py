"""Addresses where incidents are put right, and of the people counted."""

from django.urls import path

from jingwei.doors.web.views import mending, people, people_lists, questions

_ROOM = "incidents/<uuid:incident_id>"

urlpatterns: list = [
    path("questions", questions.list_questions),
    path("questions/<int:question_id>", questions.answer),
    path(f"{_ROOM}/merge", mending.merge),
    path(f"{_ROOM}/split", mending.split),
    path(f"{_ROOM}/changes", mending.changes),
    path(f"{_ROOM}/changes/<uuid:entry_id>/undo", mending.undo),
    path(f"{_ROOM}/people", people.people),
    path(f"{_ROOM}/people/adopt", people.adopt),
    path(f"{_ROOM}/people/counts/<uuid:count_id>", people.revise),
    path(f"{_ROOM}/people/count", people.count_list),
    path(f"{_ROOM}/people/list", people_lists.import_list),
    path(f"{_ROOM}/people/listed/<uuid:person_id>/<str:what>", people_lists.person),
]
