"""What the kit promises, and whether every register on the node really gets it: a row for each promise.

Where the app that keeps the rows has no such act, the page has to say so: a promise that is not kept and not
excused fails, and so does an excuse for what works.
"""

import csv
import io
import re

import msgspec
import pytest
from django.db import connection

from jingwei.apps.agencies.queries import get_authority
from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import Register, Sought
from jingwei.apps.registers.models import Indexed
from jingwei.apps.registers.queries import declared, found, lists
from jingwei.wiring.prepare import real_moment
from tests.apps.registers.test_every_register import filled
from tests.apps.registers.test_kept import kept_up
from tests.apps.registers.test_rosters import HELD, ORGANIZATION, POST
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
USER = "zhongyu"
#: What another app does not do to its rows, by register: its page says why, and where it is done instead.
EXCUSED = {
    "organizations": {"undo", "undo of undo", "bulk"},
    "posts": {"undo", "undo of undo", "bulk"},
    "holdings": {"bulk"},
}
ROWS = {"organizations": ORGANIZATION, "posts": POST, "holdings": HELD}


def codes() -> list[str]:
    return [one.code for one in queries.list_registers()]


@pytest.fixture
def place():
    """Every register as on a node: searchable, with a post that somebody may hold."""
    for code in ("organizations", "posts", "holdings"):
        Indexed.objects.get_or_create(register=code, defaults={"scheme": ""})
    client = signed_in(USER)
    assert client.post("/registers/posts/new", POST).status_code == 302
    kept_up()
    return client


def entered(client, register: Register) -> str:
    """The address of a row that was just entered."""
    values = ROWS.get(register.code) or filled(register, name="试验条目")
    if register.code == "posts":
        values = values | {"code": "410182-sl-2", "name": "水利副班"}
    answer = client.post(f"/registers/{register.code}/new", values)
    assert answer.status_code == 302, answer.content.decode()
    kept_up()
    return answer["location"]


def sought(register: Register, text: str) -> list[str]:
    authority = get_authority(holding_of(USER), at=real_moment().at)
    return [str(r.id) for r in queries.list_rows(register, Sought(text=text), authority=authority).rows]


# --- the promises: each returns whether it is kept -------------------------------------------------------


def search(client, register: Register, monkeypatch) -> bool:
    """By characters and first letters, through an index: no row is read that does not fit."""
    here = entered(client, register)
    with monkeypatch.context() as watched:
        watched.setattr(lists, "find_by_words", lambda *_: pytest.fail("every row is read"))
        name = {"holdings": ("一舟", "lyz"), "organizations": ("水利局", "xysslj"), "posts": ("副班", "slfb")}
        found_by = name.get(register.code, ("试验条", "sytm"))
        asked = found.find_asked(register, Sought(text=found_by[0]))
        return asked is not None and all(here.rsplit("/", 1)[1] in sought(register, one) for one in found_by)


def pages(client, register: Register, monkeypatch) -> bool:
    """A page begins behind the last row of the one before, along an index of the register's list."""
    table = register.model._meta.db_table if register.model else "registers_found"
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, table).values()
    wanted = ["place", "name", "id"] if register.model else ["register", "place", "name", "row_id"]
    listed = any(one["index"] and one["columns"] == wanted for one in indexes)
    page = queries.list_rows(
        register, Sought(), authority=get_authority(holding_of(USER), at=real_moment().at), limit=1
    )
    return listed and bool(page.next or len(page.rows) <= 1)


def history(client, register: Register, monkeypatch) -> bool:
    page = client.get(entered(client, register)).content.decode()
    return "登记" in page[page.index('id="t-history"') :]


def undo(client, register: Register, monkeypatch) -> bool:
    return bool(undone(client, entered(client, register)))


def undo_of_undo(client, register: Register, monkeypatch) -> bool:
    here = undone(client, entered(client, register))
    again = undone(client, here) if here else None
    return bool(again) and "<h1><s>" not in client.get(again).content.decode()


def undone(client, here: str) -> str | None:
    """The newest change taken back; where the row stands then. None where the page offers nothing."""
    offered = re.findall(rf'href="({here}/undo/[^"]+)"', client.get(here).content.decode())
    if not offered:
        return None
    answer = client.post(offered[0])
    assert answer.status_code == 302, answer.content.decode()
    return answer["location"]


def bulk(client, register: Register, monkeypatch) -> bool:
    """Rows ticked in the list, looked at before and after, then changed all or none."""
    here = entered(client, register).rsplit("/", 1)[1]
    page = client.get(f"/registers/{register.code}").content.decode()
    boxes = re.findall(rf'name="row" value="({here}:[0-9]+)"', page)
    if not boxes:
        return False
    chosen = {"row": boxes, "column": "place", "v_place": "410181"}
    looked = client.post(f"/registers/{register.code}/many", chosen)
    row = queries.get_row(register, here)
    assert looked.status_code == 200 and row.place != "410181", "a look changes nothing"
    client.post(f"/registers/{register.code}/many", chosen | {"do": "1"})
    return queries.get_row(register, here).place == "410181"


def files(client, register: Register, monkeypatch) -> bool:
    """Out and in again: the template's headings are known."""
    text = client.get(f"/registers/{register.code}/file.csv?template=1").content.decode("utf-8-sig")
    matched = queries.propose_columns(register, next(csv.reader(io.StringIO(text))))
    return sorted(matched.values()) == sorted(c.name for c in register.given)


PROMISES = {
    "search": search, "pages": pages, "history": history, "undo": undo, "undo of undo": undo_of_undo,
    "bulk": bulk, "files": files,
}  # fmt: skip


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize("code", codes())
def test_every_register_gets_what_the_kit_promises(place, monkeypatch, code, promise):
    register = queries.get_register(code)
    excused = promise in EXCUSED.get(code, ())
    assert PROMISES[promise](place, register, monkeypatch) is not excused
    if excused and promise != "bulk":
        assert register.kept.stays_zh and register.kept.stays_en and register.kept.counter[0]


def test_only_what_other_apps_keep_is_excused():
    assert all(queries.get_register(code).kept for code in EXCUSED)


@pytest.mark.parametrize("promise", ["search", "undo", "undo of undo", "bulk"])
def test_canary_a_register_that_lost_it_is_noticed(place, monkeypatch, promise):
    """Its index gone, its acts against gone, its right to change many gone."""
    code = "teams" if promise == "bulk" else "holdings"
    register = queries.get_register(code)
    if promise == "search":
        Indexed.objects.filter(register=code).delete()
        assert not PROMISES[promise](place, register, monkeypatch)
        return
    if promise == "bulk":
        monkeypatch.setattr(queries, "may_keep", lambda *given, **_: given[2] != "registers.change_rows")
        assert not PROMISES[promise](place, register, monkeypatch)
        return
    entire = register.kept
    lost = msgspec.structs.replace(entire, restore=None, strike=None if promise == "undo" else entire.strike)
    monkeypatch.setitem(declared._declared(), code, msgspec.structs.replace(register, kept=lost))
    assert not PROMISES[promise](place, queries.get_register(code), monkeypatch)
