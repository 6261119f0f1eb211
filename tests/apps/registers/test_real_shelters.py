"""Shelters of Japan as the Geospatial Information Authority publishes them: taken in, found, none lost.

Source: 国土地理院, designated shelters and emergency sites; to be used with this credit. The whole of them is
taken in by `python -m bench.registers.japan`.
"""

import pytest

from bench.registers.japan import FILES, HEADINGS, MATCHED, read_shelters
from jingwei.apps.agencies.queries import get_authority
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Sought
from jingwei.apps.resources.models import Shelter
from jingwei.apps.resources.registers import SHELTERS
from tests import rights

pytestmark = [pytest.mark.django_db, pytest.mark.shared]
M = rights.moment()
SOME = 600


def test_files_of_another_country_are_taken_in_without_losing_a_line():
    by, lines = rights.a_holding("operator"), list(read_shelters("4101", SOME))
    begun = actions.begin_import("shelters", "japan.csv", HEADINGS, lines, by=by, moment=M)
    actions.order_import(begun, MATCHED, by=by, moment=M)
    machine = rights.a_holding("machine", kind="machine")
    while actions.carry_on_imports(by=machine, moment=M):
        pass
    authority = get_authority(by, at=M.at)
    card = queries.find_import(SHELTERS, begun, authority=authority)
    wrong = [e.code for line in queries.list_wrong(begun) for e in line.errors]
    assert card is not None and card.done == card.total == SOME and card.added > SOME * 0.99
    assert set(wrong) <= {"cell_double"}, "the same number twice, told by its line"
    assert Shelter.objects.count() == card.added
    row = Shelter.objects.order_by("name").first()
    part, number = row.name[2:6], row.name.split()[-1]
    page = queries.list_rows(SHELTERS, Sought(text=part), authority=authority, limit=500)
    assert row.pk in {line.id for line in page.rows} and all(
        part in r.values["name"] + r.values["address"] for r in page.rows
    )
    (one,) = queries.list_rows(SHELTERS, Sought(text=number), authority=authority).rows
    assert one.id == row.pk, "found by its code"
    assert len(list(read_shelters("4101", 10**9))) > 180_000 and len(FILES) == 2
