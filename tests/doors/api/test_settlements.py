"""Statements of what help cost, for programs: read by either side's posts, and by nobody else."""

import uuid

import pytest
from django.test import Client

from jingwei.apps.settlements import actions
from jingwei.apps.settlements.models import Statement
from tests.apps.settlements.acts import charges, ours, presented
from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db
PATH = "/api/v1/statements"


def test_a_program_reads_statements_and_their_charges(program):  # noqa: F811
    assert program.get(PATH).json() == {"total": 0, "statements": []}
    of = presented(30, 20)
    one, two = charges(of)
    actions.dispute_charge(two.pk, words="价格偏高", **ours())
    listed = program.get(PATH).json()
    (row,) = listed["statements"]
    assert listed["total"] == 1 and row["id"] == str(of)
    assert (row["state"], row["charges"], row["disputed"], row["unpriced"]) == ("presented", 2, 1, 0)
    assert row["total_fen"] == 50 * 120_000 and row["agreed_fen"] == 0
    found = program.get(f"{PATH}/{of}").json()
    assert found["statement"] == row
    first, second = found["charges"]
    assert (first["number"], second["number"]) == (1, 2) and first["order_id"] == str(one.order_id)
    assert first["amount_fen"] + second["amount_fen"] == row["total_fen"]
    assert (second["state"], second["dispute"]) == ("disputed", "价格偏高")
    assert first["basis"] == "采购价" and first["moved"] is False


def test_pages_of_statements_follow_one_another(program):  # noqa: F811
    of = presented(30)
    row = Statement.objects.get(pk=of)
    row.pk, row._state.adding = uuid.uuid4(), True
    row.save()
    pages = [program.get(PATH, {"limit": 1, "offset": n}).json()["statements"] for n in (0, 1, 2)]
    assert [len(page) for page in pages] == [1, 1, 0] and pages[0][0]["id"] != pages[1][0]["id"]


def test_who_has_no_side_in_it_and_who_has_no_token_sees_none(program):  # noqa: F811
    of = presented(30)
    assert Client().get(f"{PATH}/{of}").status_code == 401
    assert program.get(f"{PATH}/{uuid.uuid4()}").status_code == 404
    assert program.post(PATH, {}, content_type="application/json").status_code == 405
    Statement.objects.filter(pk=of).update(
        place="410302", keeper_place="410303", keeper="far", receiver="farther"
    )
    assert program.get(f"{PATH}/{of}").status_code == 404
    assert program.get(PATH).json()["total"] == 0
