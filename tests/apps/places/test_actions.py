"""Divisions and sites are taken in in chunks, once; loading again changes nothing."""

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal import queries as journal
from jingwei.apps.places import actions, queries
from jingwei.apps.places.facts import DivisionRow, DivisionsLoaded, SitesLoaded
from jingwei.apps.places.models import Division, Site
from jingwei.apps.places.rules import PlaceRefused
from tests.rights import a_holding, moment, role_without

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    with transaction.atomic():
        Division.objects.all().delete()
        Site.objects.all().delete()
    return a_holding("operator")


def test_henan_is_loaded_in_lists_and_again_says_nothing(operator):
    with CaptureQueriesContext(connection) as asked:
        written = actions.load_shipped_places(by=operator, moment=moment())
    assert Division.objects.count() == 55_164
    assert [Division.objects.filter(level=n).count() for n in range(1, 6)] == [1, 18, 181, 2_586, 52_378]
    assert written == 55_164 + Site.objects.count()
    assert len(asked) < written / 50, "in lists, not row by row"
    before = journal.count_entries()
    assert actions.load_shipped_places(by=operator, moment=moment()) == 0
    assert journal.count_entries() == before


def rows_of(*pairs: tuple[str, str]) -> list[DivisionRow]:
    return [DivisionRow(code=code, name=name) for code, name in pairs]


def test_each_load_is_a_fact(operator):
    rows = rows_of(("41", "河南省"), ("4101", "郑州市"))
    assert actions.load_divisions(rows, source="test", by=operator, moment=moment()) == 2
    (said,) = journal.list_entries(kinds=[DivisionsLoaded], newest=1)
    assert (said.fact.rows, said.fact.source, said.by) == (2, "test", operator)
    assert said.fact.digest == queries.digest_of(rows)
    assert actions.load_sites(queries.list_shipped_sites(), source="test", by=operator, moment=moment()) > 10
    assert journal.list_entries(kinds=[SitesLoaded], newest=1)[0].fact.rows == Site.objects.count()


def test_a_path_is_made_from_names_loaded_before(operator):
    load = {"source": "test", "by": operator, "moment": moment()}
    actions.load_divisions(rows_of(("41", "河南省"), ("4101", "郑州市")), **load)
    actions.load_divisions(rows_of(("410182", "荥阳市")), **load)
    assert queries.path_of("410182") == "河南省 郑州市 荥阳市"


def test_a_changed_name_or_point_is_brought_up_to_date(operator):
    load = {"source": "test", "by": operator, "moment": moment()}
    rows = rows_of(("41", "河南省"), ("4101", "郑州市"))
    actions.load_divisions(rows, **load)
    moved = msgspec.structs.replace(rows[1], lon=113.65, lat=34.76, precision="approximate")
    assert actions.load_divisions([rows[0], moved], **load) == 1
    assert queries.find_division("4101").lon == 113.65
    assert actions.load_divisions(rows, **load) == 1
    assert queries.find_division("4101").precision == "none"


def test_one_bad_row_refuses_the_whole_load(operator):
    rows = rows_of(("41", "河南省"), ("12345", "错码"))
    with pytest.raises(PlaceRefused) as refused:
        actions.load_divisions(rows, source="test", by=operator, moment=moment())
    assert refused.value.code == "places_table_bad"
    assert Division.objects.count() == 0


def test_who_may_not_is_refused(operator):
    viewer = a_holding(role_without("places.load_divisions"))
    with pytest.raises(NotAllowed) as refused:
        actions.load_shipped_places(by=viewer, moment=moment())
    assert refused.value.code == "not_allowed"
    assert Division.objects.count() == 0
