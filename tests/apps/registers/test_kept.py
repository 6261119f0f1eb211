"""Rows that another app keeps: found by an index as those of the kit, taken back by that app's own acts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.agencies import actions as agencies
from jingwei.apps.agencies.facts import Roster
from jingwei.apps.agencies.models import Holding, Organization, Post
from jingwei.apps.agencies.queries import get_authority, get_machine
from jingwei.apps.journal.models import Due, Entry
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Sought
from jingwei.apps.registers.models import Found, Indexed
from jingwei.apps.registers.queries import found, lists
from jingwei.wiring import reactions
from jingwei.wiring.prepare import real_moment
from jingwei.wiring.worker import settle
from tests.apps.registers.test_rosters import ALL, HELD, ORGANIZATION, POST, enter
from tests.builders import holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def kept_up() -> None:
    """What a worker does within a second."""
    settle()
    while actions.go_on_indexing(by=get_machine(), moment=real_moment()):
        pass


@pytest.fixture
def indexed():
    for code in ALL:
        Indexed.objects.get_or_create(register=code, defaults={"scheme": ""})
    kept_up()
    assert Found.objects.filter(register="posts", listed=True).count() == Post.objects.count() > 50


def walked(code: str, sought: Sought, user: str) -> tuple[list, int]:
    authority, register = get_authority(holding_of(user), at=real_moment().at), queries.get_register(code)
    rows, after, told = [], "", None
    while True:
        page = queries.list_rows(register, sought, authority=authority, after=after, limit=4)
        told = page.count if not after else told
        rows += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    count = queries.count_rows(register, sought, authority=authority)
    assert told in (None, count)
    return rows, count


QUESTIONS = [
    Sought(), Sought(text="应急"), Sought(text="yj"), Sought(text="duty"), Sought(text="无此名"),
    Sought(text="值班 4101"), Sought(place="410182"), Sought(text="值班", place="410182"),
    Sought(equal={"role": "duty_chief"}), Sought(equal={"kind": "department"}, text="局"),
    Sought(struck=True),
]  # fmt: skip


@pytest.mark.parametrize("near", [0, 10_000])
@pytest.mark.parametrize("most", [0, 2, 10_000])
@pytest.mark.parametrize("code", ALL)
def test_the_answer_is_that_of_reading_every_row(monkeypatch, indexed, code, most, near):
    monkeypatch.setattr(found, "MOST_SORTED", most)
    monkeypatch.setattr(found, "FEW", most - 1)
    monkeypatch.setattr(found, "NEAR", dict.fromkeys(found.NEAR, near))
    fitting = 0
    for sought in QUESTIONS:
        for user in ("zhongyu", "lisiyuan"):
            with monkeypatch.context() as without:
                without.setattr(found, "_is_whole", lambda _register: False)
                expected = walked(code, sought, user)
            assert walked(code, sought, user) == expected, sought
            fitting += len(expected[0])
    assert fitting > 50, "questions that nothing fits say little"


def reads_every_row(monkeypatch, code: str, text: str) -> bool:
    """Whether a search reads through what another app keeps."""
    read = []
    with monkeypatch.context() as watched:
        plain = lists.find_by_words
        watched.setattr(lists, "find_by_words", lambda *given: read.append(1) or plain(*given))
        walked(code, Sought(text=text), "zhongyu")
    return bool(read)


@pytest.mark.parametrize("code", ALL)
def test_a_search_reads_no_row_that_does_not_fit(monkeypatch, indexed, code):
    assert not reads_every_row(monkeypatch, code, "值班")


@pytest.mark.parametrize("code", ALL)
def test_canary_while_something_is_due_every_row_is_read(monkeypatch, indexed, code):
    enter("zhongyu", "organizations", ORGANIZATION)
    assert Due.objects.filter(reaction=found.KEEPING_UP).exists()
    assert reads_every_row(monkeypatch, code, "值班")


@pytest.mark.parametrize("code", ALL)
def test_the_list_is_read_along_an_index(indexed, code):
    authority = get_authority(holding_of("zhongyu"), at=real_moment().at)
    with CaptureQueriesContext(connection) as seen:
        queries.list_rows(queries.get_register(code), Sought(), authority=authority, limit=3)
    (listed,) = [one["sql"] for one in seen.captured_queries if "AS near" in one["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a handful of rows is always read through, and ordered
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + listed.replace("%", "%%"))
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "found_listed" in plan and not re.search(r"Sort|TEMP B-TREE", plan), plan


def test_what_was_just_entered_is_found_before_and_after_the_worker_came(indexed):
    for code, values, word in (
        ("organizations", ORGANIZATION, "xyssl"), ("posts", POST, "水利值班"), ("holdings", HELD, "lyz"),
    ):  # fmt: skip
        assert enter("zhongyu", code, values).status_code == 302
        before = walked(code, Sought(text=word), "zhongyu")
        kept_up()
        assert walked(code, Sought(text=word), "zhongyu") == before and before[1] == 1, code
    held = Holding.objects.get(post__code=POST["code"])
    actions.strike_row("holdings", held.pk, reason="调离", by=holding_of("zhongyu"), moment=real_moment())
    assert walked("holdings", Sought(text="lyz"), "zhongyu")[1] == 0
    kept_up()
    assert walked("holdings", Sought(text="lyz"), "zhongyu")[1] == 0
    assert not Found.objects.filter(row_id=held.pk).exists()


def test_what_a_roster_changed_is_found_by_what_it_is_now(indexed):
    from jingwei.apps.agencies.facts import OrganizationRow

    old = Organization.objects.get(code="4101-yjj")
    row = OrganizationRow(
        code=old.code, name_zh="郑州市防灾局", name_en=old.name_en, kind=old.kind, place=old.place,
        fictional=old.fictional,
    )  # fmt: skip
    roster = Roster(source="t", organizations=(row,))
    agencies.load_agencies(roster, by=holding_of("zhongyu"), moment=real_moment())
    assert walked("organizations", Sought(text="防灾局"), "zhongyu")[1] == 1
    settle()
    assert not Indexed.objects.get(register="organizations").done
    assert walked("organizations", Sought(text="防灾局"), "zhongyu")[1] == 1, "read through until it is done"
    kept_up()
    assert Indexed.objects.get(register="organizations").done
    assert walked("organizations", Sought(text="zzsfzj"), "zhongyu")[1] == 1


def test_every_fact_of_these_rows_is_followed():
    """What a history knows, and what changes all rows, the index hears of."""
    for code in ALL:
        kept = queries.get_register(code).kept
        changing = {kind for kind, what in kept.said if what != "changed"} | set(kept.loaded)
        for kind in changing:
            assert reactions.INDEX in reactions.REACTIONS[kind], kind
    assert reactions.INDEX.name == found.KEEPING_UP
    assert reactions.INDEX.since is None, "a clock that is wrong leaves no row unfound"


# --- taking back --------------------------------------------------------------------------------------


def appointed():
    enter("zhongyu", "posts", POST)
    return enter("zhongyu", "holdings", HELD)["location"]


def undoable(page: str) -> list[str]:
    return re.findall(r'href="(/registers/holdings/[^"]+/undo/[^"]+)"', page)


def test_an_appointment_is_undone_and_the_undoing_undone_and_that_again():
    client, here = signed_in("zhongyu"), appointed()
    standing = []
    for _ in range(3):
        (undo,) = undoable(client.get(here).content.decode())
        assert "划去" in client.get(undo).content.decode()
        assert client.post(undo)["location"] == here, "to undo an appointment is to release"
        row = Holding.objects.get(pk=here.rsplit("/", 1)[1])
        assert row.released_at is not None
        (undo,) = undoable(client.get(here).content.decode())
        assert "令牌" in client.get(undo).content.decode(), "said before: what ended stays ended"
        standing.append(here)
        here = client.post(undo)["location"]
        assert here not in standing, "a holding of its own"
        again = Holding.objects.get(pk=here.rsplit("/", 1)[1])
        assert (again.person_id, again.post_id, again.released_at) == (row.person_id, row.post_id, None)
        assert not undoable(client.get(standing[-1]).content.decode()), "it stands again elsewhere"
    said = Entry.objects.filter(subject__in=[one.rsplit("/", 1)[1] for one in [*standing, here]])
    kinds = list(said.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["agencies.post_assigned/1", "agencies.post_released/1"] * 3 + [
        "agencies.post_assigned/1"
    ]


def test_undoing_asks_for_the_right_of_the_act_itself():
    here = appointed()
    (undo,) = undoable(signed_in("zhongyu").get(here).content.decode())
    other = signed_in("lisiyuan")
    assert not undoable(other.get(here).content.decode())
    assert other.post(undo).status_code == 403
    assert Holding.objects.get(pk=here.rsplit("/", 1)[1]).released_at is None


def test_what_was_undone_already_is_refused_and_nothing_is_written():
    client, here = signed_in("zhongyu"), appointed()
    (undo,) = undoable(client.get(here).content.decode())
    client.post(undo)
    (again,) = undoable(client.get(here).content.decode())
    client.post(again)
    before = Entry.objects.count()
    assert client.post(undo).status_code == 409, "pressed twice"
    assert client.post(again).status_code == 409
    assert Entry.objects.count() == before


@pytest.mark.parametrize(("code", "other"), [("organizations", "posts"), ("posts", "holdings")])
def test_where_nothing_is_undone_the_page_says_why_and_what_to_do(code, other):
    register, row = queries.get_register(code), Post.objects.get(code="4101-zbs-duty")
    row = row.organization if code == "organizations" else row
    page = signed_in("zhongyu").get(f"/registers/{code}/{row.pk}").content.decode()
    assert register.kept.stays_zh in page and f'href="/registers/{other}?q={row.code}"' in page
    assert "/undo/" not in page
    enter("zhongyu", "posts", POST)
    said = Entry.objects.filter(kind="agencies.post_added/1").latest("seq")
    with pytest.raises(queries.RegisterRefused, match="register_kept_elsewhere"):
        actions.undo_change(said.id, by=holding_of("zhongyu"), moment=real_moment())
