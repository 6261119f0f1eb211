"""Addresses of the day without a machine, and of the day after a restore."""

from django.urls import path

from jingwei.doors.web.views import paper, paper_entry, restored

urlpatterns: list = [
    path("paper", paper.paper),
    path("paper/sheets/<slug:code>", paper.sheet),
    path("paper/enter/<slug:form>", paper_entry.enter),
    path("restored", restored.restored),
]
