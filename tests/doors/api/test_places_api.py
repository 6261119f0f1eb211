"""Places for programs: what a code of any year became, who adjoins, where a point lies."""

import pytest

from jingwei.apps.places import actions
from jingwei.apps.places.facts import ChangeRow, NeighborRow, OutlineRow
from tests.doors.api.test_read import program  # noqa: F401
from tests.rights import a_holding, moment

pytestmark = pytest.mark.django_db

AT = "/api/v1/places/at?lon=113.65&lat=34.75"


@pytest.fixture
def said():
    return {"source": "test", "by": a_holding("operator"), "moment": moment()}


def test_a_code_says_what_it_is_and_what_it_became(program, said):  # noqa: F811
    change = ChangeRow("419988", "旧试县", "merged", "410102", "2019-06", "a test's own, made up")
    actions.change_divisions([change], **said)
    found = program.get("/api/v1/places/419988").json()
    assert (found["name"], found["became"], found["sure"]) == ("旧试县", ["410102"], True)
    assert found["changes"][0]["on"] == "2019-06" and found["changes"][0]["successor"] == "410102"
    stands = program.get("/api/v1/places/410100").json()
    assert stands["code"] == "4101" and stands["became"] == ["4101"] and stands["path"] == "河南省 郑州市"


def test_a_name_is_that_of_the_day(program, said):  # noqa: F811
    change = ChangeRow("410102", "旧名区", "renamed", "410102", "2019-06-01", "a test's own, made up")
    actions.change_divisions([change], **said)
    names = [
        program.get(f"/api/v1/places/410102?on={day}").json()["name"] for day in ("2019-05-31", "2019-06-01")
    ]
    assert names == ["旧名区", "中原区"]


@pytest.mark.parametrize("path", ["123456", "12345", "410102?on=gestern"])
def test_what_is_no_code_or_day_is_refused(program, path):  # noqa: F811
    assert program.get(f"/api/v1/places/{path}").status_code in (404, 422)


def test_neighbours_with_who_says_so(program, said):  # noqa: F811
    actions.load_neighbors([NeighborRow("410102", "410103", "我局台账")], **said)
    (one,) = program.get("/api/v1/places/410102/neighbours").json()
    assert (one["code"], one["source"], one["border_m"]) == ("410103", "我局台账", None)
    assert program.get("/api/v1/places/123456/neighbours").status_code == 404


def test_a_point_with_and_without_outlines(program, said):  # noqa: F811
    without = program.get(AT).json()
    assert without["precision"] == "approximate" and without["within"] == "" and without["areas"] == []
    ring = [(113_600_000, 34_700_000), (113_700_000, 34_700_000), (113_650_000, 34_900_000)]
    actions.load_outlines([OutlineRow("410183", [ring], "试验来源")], **said)
    found = program.get(AT).json()
    assert (
        found["within"] == "410183"
        and found["source"] == "试验来源"
        and found["within_path"].endswith("新密市")
    )
    # the same point as web maps have it: 500 m away, and moved back
    assert program.get(AT + "&datum=gcj02").json()["within"] == "410183"
