"""Addresses of the watch over people in danger."""

from django.urls import path

from jingwei.doors.web.views import checkins, checkins_acts

urlpatterns: list = [
    path("check-ins", checkins.list_watches),
    path("check-ins/new", checkins_acts.start),
    path("check-ins/<uuid:watch_id>", checkins.watch),
    path("check-ins/<uuid:watch_id>/tap", checkins.tap),
    path("check-ins/<uuid:watch_id>/heard", checkins.heard),
    path("check-ins/<uuid:watch_id>/change", checkins_acts.change),
    path("check-ins/<uuid:watch_id>/end", checkins_acts.end),
    path("check-ins/<uuid:watch_id>/reopen", checkins_acts.reopen),
    path("check-ins/<uuid:watch_id>/names", checkins_acts.names),
]
