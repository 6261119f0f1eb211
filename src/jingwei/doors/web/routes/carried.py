"""Addresses of the forms that work without a signal: the public's and an informant's."""

from django.urls import path

from jingwei.doors.web.views import carried

_PARTS = {
    "shell": carried.shell,
    "token": carried.token,
    "send": carried.send,
    "photo": carried.photo,
    "worker.js": carried.worker,
    "app.webmanifest": carried.manifest,
}
urlpatterns: list = [
    path("informant", carried.page),
    *(
        path(f"{door}/{part}", view, {"door": door})
        for door in ("report", "informant")
        for part, view in _PARTS.items()
    ),
]
