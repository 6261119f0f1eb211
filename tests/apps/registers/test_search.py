"""Search by pieces: the same answer as reading every row, kept up with every change, without reading them."""

import random
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies.queries import get_authority
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Sought
from jingwei.apps.registers.models import Change, Found, Indexed
from jingwei.apps.registers.queries import found, lists
from jingwei.apps.registers.rules import grams
from jingwei.apps.registers.writes import index_register
from jingwei.apps.resources.models import Team
from jingwei.apps.resources.registers import TEAMS
from tests import rights

pytestmark = pytest.mark.django_db

M = rights.moment()
PLACES = ("41", "4101", "410181", "410182", "410182109", "410182109001", "4103", "410302")
CHARACTERS = "东西南北中老大小第1290ab-（）"


def keeper():
    return rights.a_holding("operator")


def enter(rows, by=None):
    by = by or keeper()
    return [
        actions.add_row("teams", {"name": n, "place": p, "kind": k, "state": s}, by=by, moment=M)
        for n, p, k, s in rows
    ]


def made_up(count: int, draw: random.Random):
    for n in range(count):
        name = "".join(draw.choices(CHARACTERS, k=draw.randint(1, 7))) + str(n)
        yield (
            name,
            draw.choice(PLACES),
            draw.choice(("PRO-FLOOD", "SOC-OTHER")),
            draw.choice(("ready", "out")),
        )


def own(place: str = ""):
    return get_authority(rights.a_holding("duty_officer", place=place), at=M.at)


def walked(sought: Sought, authority) -> list:
    """All that is asked for, a page of three at a time."""
    rows, after = [], ""
    while True:
        page = queries.list_rows(TEAMS, sought, authority=authority, after=after, limit=3)
        rows += [row.id for row in page.rows]
        after = page.next
        if not after:
            return rows


def read_through(monkeypatch, sought: Sought, authority) -> tuple[list, int]:
    """The same without pieces: every row of the area is read."""
    with monkeypatch.context() as without:
        without.setattr(found, "_is_whole", lambda _register: False)
        return walked(sought, authority), queries.count_rows(TEAMS, sought, authority=authority)


def questions(draw: random.Random):
    for _ in range(40):
        word = "".join(draw.choices(CHARACTERS, k=draw.choice((1, 1, 2, 2, 3))))
        more = draw.choice(("", "", " 小", " a1"))
        equal = draw.choice(({}, {}, {"state": "out"}, {"state": "out", "kind": "PRO-FLOOD"}, {"phone": "1"}))
        place = draw.choice(("", "", "4101", "410182", "4103", "41"))
        yield Sought(text=draw.choice((word + more, "")), equal=equal, place=place)


@pytest.mark.parametrize("near", [0, 5, 10_000])
@pytest.mark.parametrize("most", [0, 1, 3, 10_000])
def test_the_answer_is_that_of_reading_every_row(monkeypatch, most, near):
    monkeypatch.setattr(found, "MOST_SORTED", most)
    monkeypatch.setattr(found, "NEAR", dict.fromkeys(found.NEAR, near))
    monkeypatch.setattr(found, "MANY", most)
    monkeypatch.setattr(found, "FEW", most - 1)
    draw = random.Random(most)
    enter(made_up(60, draw))
    fitting = 0
    for sought in questions(draw):
        for place in ("", "410182"):
            authority = own(place)
            expected, count = read_through(monkeypatch, sought, authority)
            assert walked(sought, authority) == expected, sought
            assert queries.count_rows(TEAMS, sought, authority=authority) == count == len(expected), sought
            told = queries.list_rows(TEAMS, sought, authority=authority, limit=3).count
            assert told in (None, count), "a page that tells how many there are tells the truth"
            fitting += len(expected)
    assert fitting > 100, "questions that nothing fits say little"


@pytest.mark.parametrize(
    "more",
    [
        {"order": "stale"},
        {"stale_before": "2030-01-01T00:00:00+00:00"},
        {"changed_from": "2000-01-01T00:00:00+00:00"},
    ],
)
@pytest.mark.parametrize("most", [1, 10_000])
def test_what_is_asked_besides_is_heeded(monkeypatch, more, most):
    monkeypatch.setattr(found, "MOST_NAMED", most)
    enter(made_up(30, random.Random(1)))
    sought, authority = Sought(text="小", **more), own()
    expected, count = read_through(monkeypatch, sought, authority)
    assert walked(sought, authority) == expected and expected
    assert queries.count_rows(TEAMS, sought, authority=authority) == count


def names(text: str, **more) -> set[str]:
    page = queries.list_rows(TEAMS, Sought(text=text, **more), authority=own())
    return {row.values["name"] for row in page.rows}


def test_a_row_is_found_by_what_it_holds_now():
    by = keeper()
    (row,) = enter([("东关抢险队", "410182", "PRO-FLOOD", "ready")], by)
    assert names("关抢") == names("gq") == names("东关抢险队") == {"东关抢险队"}
    actions.change_row("teams", row, {"name": "西关救援队"}, version=1, by=by, moment=M)
    assert names("关抢") == names("东") == set() and names("xgjy") == {"西关救援队"}
    actions.change_row("teams", row, {"place": "4103"}, version=2, by=by, moment=M)
    assert names("西关", place="410182") == set() and names("西关", place="4103") == {"西关救援队"}
    actions.change_row("teams", row, {"state": "out"}, version=3, by=by, moment=M)
    assert (
        names("", equal={"state": "out"}) == {"西关救援队"} and names("", equal={"state": "ready"}) == set()
    )
    actions.undo_change(Change.objects.filter(row_id=row, number=2).get().pk, by=by, moment=M)
    assert names("东关") == {"东关抢险队"}
    actions.strike_row("teams", row, reason="误", by=by, moment=M)
    assert names("东关") == set() and names("东关", struck=True) == {"东关抢险队"}
    actions.restore_row("teams", row, by=by, moment=M)
    assert names("东关") == {"东关抢险队"}
    assert Found.objects.filter(row_id=row).count() == 1


def test_a_change_of_what_nobody_looks_for_leaves_the_pieces_alone():
    by = keeper()
    (row,) = enter([("东关抢险队", "410182", "PRO-FLOOD", "ready")], by)
    before = Found.objects.get(row_id=row).pk
    actions.change_row("teams", row, {"members": 30}, version=1, by=by, moment=M)
    assert Found.objects.get(row_id=row).pk == before


def test_an_import_is_found_and_what_it_took_back_is_not():
    by = keeper()
    lines = [(2, ("一队", "410182", "PRO-FLOOD")), (3, ("二队", "410182", "PRO-FLOOD"))]
    begun = actions.begin_import("teams", "队伍.csv", ("名", "区", "类"), lines, by=by, moment=M)
    actions.order_import(begun, {"0": "name", "1": "place", "2": "kind"}, by=by, moment=M)
    machine = rights.a_holding("machine", kind="machine")
    while actions.carry_on_imports(by=machine, moment=M):
        pass
    assert names("队") == {"一队", "二队"}
    actions.undo_import(begun, by=by, moment=M)
    while actions.carry_on_imports(by=machine, moment=M):
        pass
    assert names("队") == set()


# --- a node from before, and another declaration ---------------------------------------------------------


def test_a_register_from_before_is_read_through_until_its_pieces_are_made():
    enter(made_up(30, random.Random(2)))
    every = names("小")
    Indexed.objects.all().delete()
    Found.objects.all().delete()
    assert every and names("小") == every, "read through"
    enter([("小新队", "410182", "PRO-FLOOD", "ready")])
    assert not Indexed.objects.filter(register="teams").exists(), "half an index is none"
    assert names("小") == every | {"小新队"}
    assert index_register(TEAMS) == Team.objects.count() == Found.objects.filter(register="teams").count()
    assert Indexed.objects.get(register="teams").done
    assert names("小") == every | {"小新队"}
    assert index_register(TEAMS) == 0, "once"


def test_pieces_made_of_other_columns_are_made_anew(monkeypatch):
    enter(made_up(30, random.Random(3)))
    every = names("小")
    Indexed.objects.filter(register="teams").update(scheme="0-else")
    assert names("小") == every, "read through"
    assert index_register(TEAMS) == 30 and names("小") == every
    assert Found.objects.filter(register="teams").count() == 30


def test_two_pieces_of_one_number_do_not_find_what_is_not_there(monkeypatch):
    monkeypatch.setattr(grams, "gram", lambda _register, _text: 7)
    enter([("东关队", "410182", "PRO-FLOOD", "ready"), ("西关队", "410302", "PRO-FLOOD", "out")])
    assert names("东关") == {"东关队"} and names("关", place="4103") == {"西关队"}
    assert names("", equal={"state": "out"}) == {"西关队"}


# --- how much is read -----------------------------------------------------------------------------------


def asked(text: str) -> list[str]:
    authority = own()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        queries.list_rows(TEAMS, Sought(text=text), authority=authority)
        queries.count_rows(TEAMS, Sought(text=text), authority=authority)
    return [one["sql"] for one in seen.captured_queries]


@pytest.mark.parametrize("text", ["小", "队伍", "xd", "无此地名"])
def test_more_rows_are_not_more_queries(text):
    def some(count: int, seed: int) -> None:
        draw = random.Random(seed)
        enter([(f"小队伍{seed}{n}", draw.choice(PLACES), "PRO-FLOOD", "ready") for n in range(count)])

    some(10, 1)
    few = len(asked(text))
    some(150, 2)
    assert len(asked(text)) <= few <= 7


def plans(text: str) -> str:
    lines = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a handful of rows is always read through, by any index
            for way in ("seqscan", "indexscan", "indexonlyscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        for sql in asked(text):
            if not sql.startswith(("SELECT", "WITH")):
                continue
            if BOUND.search(sql) or '"id" IN (' in sql:  # so many rows and no more, or rows that are named
                continue
            explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            cursor.execute(explain + sql.replace("%", "%%"))
            lines += [str(row[-1]) for row in cursor.fetchall()]
    return "\n".join(lines)


#: What says that a whole table, or a whole index of it, is read.
WHOLE = re.compile(
    r"SCAN (?:resources_team|registers_found|f\b)|Seq Scan on (?:resources_team|registers_found)"
)
#: On PostgreSQL an index of the table read from end to end looks so: a filter and no bound, or no condition.
LISTED = re.compile(
    r"Index Scan (?:Backward )?using (?:resources_team|registers_found)_\w+ on \w+[^\n]*\n\s*Filter"
    r"|Bitmap Index Scan on (?:resources_team|registers_found|found)_\w+[^\n]*(?:\n(?!\s*Index Cond)|$)"
)


#: What reads the next rows of the list: bound, whatever fits.
BOUND = re.compile(rf"ORDER BY place, name, id LIMIT {found.NEAR[connection.vendor]}\) AS near")


def test_the_next_rows_are_read_along_an_index_and_only_so_many(monkeypatch):
    monkeypatch.setattr(found, "FEW", -1)
    enter(made_up(40, random.Random(4)))
    (near,) = [sql for sql in asked("小") if BOUND.search(sql)]
    assert not BOUND.search(near.replace(str(found.NEAR[connection.vendor]), "999999"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a handful of rows is always read through, and ordered
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + near.replace("%", "%%"))
        assert "resources_team_list" in "\n".join(str(row[-1]) for row in cursor.fetchall())


def renamed_rows(monkeypatch) -> int:
    """How many rows stand under a word that all bore, where most go by another name since."""
    monkeypatch.setattr(lists, "MOST_COUNTED", 19)
    monkeypatch.setattr(found, "LOOKED_IN", 2)
    by = keeper()
    rows = enter([(f"东关{n}", "410182", "PRO-FLOOD", "ready") for n in range(40)], by)
    for n, row in enumerate(rows[5:]):
        actions.change_row("teams", row, {"name": f"西关{n}"}, version=1, by=by, moment=M)
    return queries.count_rows(TEAMS, Sought(text="东关"), authority=own())


def test_pieces_of_rows_that_are_gone_are_not_counted(monkeypatch):
    assert renamed_rows(monkeypatch) == 5
    assert queries.count_rows(TEAMS, Sought(text="西关"), authority=own()) == 20, "more than nineteen"
    assert queries.count_rows(TEAMS, Sought(text="关"), authority=own()) == 20


def test_canary_counted_by_pieces_alone_they_would_be(monkeypatch):
    pieces = found._count_pieces
    monkeypatch.setattr(found, "_are_surely", lambda asked, area, most: pieces(asked, area) >= most)
    # PostgreSQL looks at each row: its pieces go with it
    assert renamed_rows(monkeypatch) == (20 if connection.vendor == "sqlite" else 5)


def far_behind(monkeypatch) -> list[str]:
    """Seventy of one word, all at the end of the list, behind more rows than a look along it reads."""
    for name, most in (("MANY", 5), ("FEW", -1), ("NEAR", dict.fromkeys(found.NEAR, 60))):
        monkeypatch.setattr(found, name, most)
    monkeypatch.setattr(found, "_estimate", lambda *_: 10**6)
    before = [(f"西队{n}", PLACES[n % 6], "PRO-FLOOD", "ready") for n in range(70)]
    enter([*before, *((f"驿站{n:02}", "410302", "PRO-FLOOD", "ready") for n in range(70))])
    return [f"驿站{n:02}" for n in range(70)]


def test_what_stands_together_far_behind_is_read_along_the_list(monkeypatch):
    expected = far_behind(monkeypatch)
    page = queries.list_rows(TEAMS, Sought(text="驿站"), authority=own(), limit=50)
    assert [row.values["name"] for row in page.rows] == expected[:50] and page.next
    last = queries.list_rows(TEAMS, Sought(text="驿站"), authority=own(), after=page.next, limit=50)
    assert [row.values["name"] for row in last.rows] == expected[50:] and not last.next
    assert not any("MATERIALIZED" in sql for sql in asked("驿站"))


def test_canary_without_a_look_for_its_beginning_all_of_it_is_put_into_order(monkeypatch):
    far_behind(monkeypatch)
    for way in ("_find_beginning", "_find_narrower"):
        monkeypatch.setattr(found, way, lambda *_: None)
    assert any("MATERIALIZED" in sql for sql in asked("驿站"))


def test_a_later_page_enters_the_list_where_the_one_before_ended(monkeypatch):
    far_behind(monkeypatch)
    page = queries.list_rows(TEAMS, Sought(text="西队"), authority=own(), limit=50)
    place = page.rows[-1].values["place"]
    with CaptureQueriesContext(connection) as seen:
        queries.list_rows(TEAMS, Sought(text="西队"), authority=own(), after=page.next, limit=50)
    along = [one["sql"] for one in seen.captured_queries if "(place, name, id) >" in one["sql"]]
    assert along and all(f"place >= '{place}'" in sql for sql in along)
    assert place > "41"


@pytest.mark.parametrize("text", ["小队", "无此地名", "xd", "队"])
def test_no_table_is_read_through(text):
    enter(made_up(40, random.Random(4)))
    plan = plans(text)
    assert not WHOLE.search(plan) and not LISTED.search(plan), plan
    assert "VIRTUAL TABLE INDEX" in plan or "registers_found_grams" in plan


def test_canary_without_pieces_the_table_is_read_through():
    enter(made_up(40, random.Random(4)))
    Indexed.objects.filter(register="teams").update(done=False)
    plan = plans("小队")
    assert WHOLE.search(plan) or LISTED.search(plan), plan


def test_canary_without_its_index_postgres_reads_the_table_through():
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor, pytest.raises(Exception, match="registers_grams"):
            cursor.execute("DROP TABLE registers_grams")
            asked("小队")
        return
    enter(made_up(40, random.Random(4)))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX registers_found_grams")
    plan = plans("小队")
    assert WHOLE.search(plan) or LISTED.search(plan), plan
