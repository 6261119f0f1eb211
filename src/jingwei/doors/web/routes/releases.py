"""Addresses of releases, of the public's pages and of the public form."""

from django.urls import path

from jingwei.doors.web.views import public, public_report, releases

urlpatterns: list = [
    path("releases", releases.list_releases),
    path("releases/<uuid:release_id>", releases.release),
    *(
        path(f"releases/<uuid:release_id>/{what}", releases.decide, {"what": what})
        for what in releases.DECISIONS
    ),
    path("incidents/<uuid:incident_id>/release", releases.draft),
    path("public", public.list_published),
    path("public/feed.atom", public.feed),
    path("public/<uuid:release_id>", public.release),
    path("report", public_report.report),
    path("report/thanks", public_report.thanks),
    path("reports/<uuid:report_id>/photos/<uuid:photo_id>", public_report.photo),
]
