"""The tables of rules for programs: read only, by words, kind, level, evidence, area and day."""

import pytest

from tests.doors.api.test_read import program  # noqa: F401

pytestmark = pytest.mark.django_db

RULES = "/api/v1/rules"


@pytest.mark.parametrize("path", ["", "/sources", "/sources/SRC-ERL2024"])
def test_without_a_token_no_rule_is_read(client, path):
    assert client.get(f"{RULES}{path}").status_code == 401


def test_tables_say_their_columns_and_what_is_recalled(program):  # noqa: F811
    found = {one["table"]: one for one in program.get(RULES).json()}
    assert found["grading-rules"]["rows"] == 200 and found["grading-rules"]["recalled"] == 70
    assert {"name": "limit_minutes", "zh": "时限", "en": "Limit"} in found["reporting-deadlines"]["columns"]


def test_rows_come_page_by_page_and_one_by_its_key(program):  # noqa: F811
    seen, offset = [], 0
    while offset is not None:
        page = program.get(f"{RULES}/grading-rules?limit=90&offset={offset}").json()
        seen += [row["rule_id"] for row in page["rows"]]
        offset = page["next"]
    assert len(seen) == len(set(seen)) == page["count"] == 200
    one = program.get(f"{RULES}/grading-rules/GR001").json()
    assert (one["grade"], one["value"], one["source"]) == (1, "30", "SRC-REG493")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("level=1&search=铁路", 5),
        ("evidence=recalled", 70),
        ("on=2005-01-01&search=GR001", 0),
        ("on=2008-01-01&search=GR001", 1),
        ("kind=99", 0),
    ],
)
def test_rows_are_found_by_what_is_sought(program, query, count):  # noqa: F811
    assert program.get(f"{RULES}/grading-rules?{query}").json()["count"] == count


def test_what_is_not_there_is_not_found_and_nothing_is_written(program):  # noqa: F811
    for path in ("/dragons", "/dragons/x", "/grading-rules/NONE"):
        assert program.get(f"{RULES}{path}").status_code == 404
    assert program.post(f"{RULES}/grading-rules", {}).status_code == 405
    assert program.get(f"{RULES}/grading-rules?level=9").status_code == 422
