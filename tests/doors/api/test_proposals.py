"""Proposals and orders for programs: read within one's area, decided by none."""

import pytest
from django.test import Client

from jingwei.apps.dispatch import actions
from jingwei.apps.dispatch.models import Order
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_dispatch import a_proposal, the_chief
from tests.doors.web.test_dispatch_help import asked_of_the_neighbour

pytestmark = pytest.mark.django_db


def test_a_program_reads_proposals_lines_and_orders_and_decides_nothing(program):  # noqa: F811
    proposal = a_proposal(20, 30)
    actions.accept_lines(proposal.pk, [1], **the_chief())
    listed = program.get("/api/v1/proposals").json()
    assert [one["number"] for one in listed] == [1] and listed[0]["travel"] == "straight"
    path = f"/api/v1/proposals/{proposal.pk}"
    assert program.get(path).json()["bound"] is not None
    lines = program.get(f"{path}/lines").json()
    assert lines["total"] == 2 and {one["state"] for one in lines["lines"]} == {"proposed", "ordered"}
    assert {one["tier"] for one in lines["lines"]} == {"own"}
    assert program.get(f"{path}/lines?place=4103").json()["total"] == 0
    orders = program.get("/api/v1/dispatch-orders").json()
    order = Order.objects.get()
    assert orders["total"] == 1 and orders["orders"][0]["id"] == str(order.pk)
    assert program.get(f"/api/v1/dispatch-orders/{order.pk}").json()["is_unanswered"] is False
    assert program.get("/api/v1/dispatch-orders?state=received").json()["total"] == 0
    assert program.post(path, {}, content_type="application/json").status_code == 405
    for gone in ("proposals", "dispatch-orders", "help-requests"):
        assert program.get(f"/api/v1/{gone}/{the_chief()['by']}").status_code == 404
    assert Client().get("/api/v1/proposals").status_code == 401


def test_a_program_reads_what_is_asked_of_others(program):  # noqa: F811
    request = asked_of_the_neighbour()
    found = program.get("/api/v1/help-requests").json()
    assert found["total"] == 1 and found["requests"][0]["id"] == str(request.pk)
    one = program.get(f"/api/v1/help-requests/{request.pk}").json()
    assert (one["tier"], one["state"], one["quantity"]) == ("agreement", "asked", 30)
    assert one["is_unanswered"] is False
    assert program.get("/api/v1/help-requests?state=refused").json()["total"] == 0
    assert program.post("/api/v1/help-requests", {}, content_type="application/json").status_code == 405
