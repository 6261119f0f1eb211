"""Every page that lists something asks the database as often for many rows as for few; none is forgotten."""

from collections.abc import Iterable

import pytest
from django.urls import URLResolver, get_resolver

from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.models import Change
from jingwei.apps.releases.models import Release
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.web.views import registers as register_views
from tests.apps.registers.test_every_register import ALL, filled
from tests.builders import an_incident, holding_of
from tests.doors.web.test_checkins import COUNTED as CHECKINS  # counted there
from tests.doors.web.test_dispatch import COUNTED as DISPATCH  # counted there
from tests.doors.web.test_needs import COUNTED as NEEDS  # counted there
from tests.doors.web.test_pages import signed_in
from tests.doors.web.test_purchases import COUNTED as PURCHASES  # counted there
from tests.doors.web.test_query_counts import LISTS, grown
from tests.doors.web.test_releases import decide, write
from tests.doors.web.test_settlements import COUNTED as SETTLEMENTS  # counted there
from tests.doors.web.test_shelters import COUNTED as SHELTERS  # counted there
from tests.doors.web.test_stock import a_filled_store, a_promise

pytestmark = pytest.mark.django_db

REGISTERS = (
    "/registers",
    *(f"/registers/{code}" for code in ALL),
    *(f"/registers/{c}?q=试" for c in ALL[:3]),
)
PAPERS = ("/registers/contacts/tree", "/registers/teams/labels", "/registers/hidden-dangers/calendar")
STOCK = ("/stock", "/stock?q=帐", "/stock/promises", "/stock/receive")
PUBLIC = ("/public", "/public/feed.atom")
#: Parts of the two forms that a phone carries along.
CARRIED = ("report/", "informant/", "shelters/register/")
#: Pages without an address of a row that list nothing that grows, and why.
NOT_LISTS = {
    "one form": "sign-in sign-in/code sign-out switch switch/code post phone informant report report/thanks "
    "tasks/new sitreps/draft stock/supplies/new account/key account/key/code account/password reports/files "
    "look restored replay needs/new needs/advice/new purchases/new dispatch/propose shelters/open "
    "shelters/find shelters/heads shelters/card shelters/seeking/new hospitals/transfers/new public/seeking "
    "check-ins/new settlements/open",
    "closures that stand, no more than some hundreds": "dispatch/roads",
    "shapes for the map, no more than it draws": "map/areas map/outlines",
    "one's own": "account account/sessions keys",
    "of the node as a whole": "operate replay/compare paper",
    "rows that ship": "rules",
    "the first few of what begins so": "suggest/kinds suggest/places suggest/receivers suggest/organizations",
    "people with accounts, a line each": "account/people",
    "a file, not a page": "stock/file.<slug:kind>",
    "at most so many shelters and groups, in one question": "shelters/assign",
    "at most so many sites of each kind, in one question": "dispatch/reach",  # counted in test_reach
    "few: laid over by hand, each with a second person": "rules/overlays",
}


def rows(numbers: Iterable[int]) -> None:
    """A row of every register for each number, with a change of its own."""
    act = {"by": holding_of("zhongyu"), "moment": this_moment()}
    for code in ALL:
        register = queries.get_register(code)
        for n in numbers:
            texts = filled(register, name=f"试验条目{n}")
            (((values, errors),)) = queries.read_rows(register, [texts])
            assert not errors, (code, errors)
            row = actions.add_row(code, values, **act)
            assert Change.objects.filter(row_id=row).exists()


def supplies(numbers: Iterable[int]) -> None:
    for n in numbers:
        store, supply, _lot = a_filled_store(f"库{n}", "4101", f"T-{n}")
        a_promise(store, supply)


def notices(numbers: Iterable[int]) -> None:
    """A published notice for each number."""
    desk, chief = signed_in("lisiyuan"), signed_in("hejing")
    for n in numbers:
        incident = an_incident(title_zh=f"事件{n}")
        assert desk.post(f"/incidents/{incident.id}/release").status_code == 302
        release = Release.objects.get(incident=incident)
        assert write(desk, release, f"请绕行{n}。").status_code == 302
        for what in ("approve", "publish"):
            assert decide(chief, release, what).status_code == 302


def test_what_the_public_reads_asks_as_often_for_many_notices_as_for_few() -> None:
    assert grown(lambda: PUBLIC, notices) == {}


def test_registers_ask_as_often_for_many_rows_as_for_few() -> None:
    assert grown(lambda: (*REGISTERS, *PAPERS), rows) == {}


def test_the_stock_asks_as_often_for_many_lots_as_for_few() -> None:
    assert grown(lambda: STOCK, supplies) == {}


def test_canary_a_register_with_a_query_per_row_is_found(monkeypatch) -> None:
    plain = queries.list_rows

    def asking(*args, **kwargs):
        found = plain(*args, **kwargs)
        for line in found.rows:
            assert Change.objects.filter(row_id=line.id).exists()
        return found

    monkeypatch.setattr(register_views.queries, "list_rows", asking)
    assert "/registers/teams" in grown(lambda: ["/registers/teams"], rows)


def plain_routes(resolver: URLResolver, before: str = "") -> Iterable[str]:
    """Addresses that name no row: those a list can have."""
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from plain_routes(one, path)
        elif "<" not in path and "web" in one.callback.__module__ and not path.startswith(CARRIED):
            yield path


def forgotten() -> set[str]:
    asked = {
        path.split("?")[0].strip("/")
        for path in (
            *LISTS,
            *REGISTERS,
            *PAPERS,
            *STOCK,
            *PUBLIC,
            *NEEDS,
            *DISPATCH,
            *SHELTERS,
            *CHECKINS,
            *PURCHASES,
            *SETTLEMENTS,
        )
    }
    known = {path for paths in NOT_LISTS.values() for path in paths.split()}
    return {path.strip("/") for path in plain_routes(get_resolver())} - asked - known


def test_no_list_page_is_forgotten() -> None:
    assert forgotten() == set()


def test_canary_a_list_page_that_nobody_counts_is_named(monkeypatch) -> None:
    monkeypatch.setattr("tests.doors.web.test_every_list.STOCK", STOCK[1:2])
    assert "stock/promises" in forgotten()
