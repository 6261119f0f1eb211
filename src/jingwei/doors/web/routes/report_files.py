"""Addresses of files of reports."""

from django.urls import path

from jingwei.doors.web.views import report_files

urlpatterns: list = [
    path("reports/files", report_files.begin),
    path("reports/files/<uuid:file_id>", report_files.one),
]
