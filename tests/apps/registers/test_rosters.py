"""Organizations, posts, holdings as registers: found, handed out, entered by the rights of agencies."""

import csv
import io

import pytest

from jingwei.apps.agencies.models import Holding, Organization, Person, Post
from jingwei.apps.agencies.queries import get_authority, get_rights
from jingwei.apps.agencies.rules import LINES, ORGANIZATION_KINDS
from jingwei.apps.journal.models import Entry
from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Sought
from jingwei.apps.rosters import registers as rosters
from jingwei.wiring.prepare import real_moment
from tests import rights
from tests.builders import holding_of
from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.api.test_register_writes import a_writer, call
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
ALL = ("organizations", "posts", "holdings")


def names(code: str, user: str = "zhongyu", **sought) -> set[str]:
    authority = get_authority(holding_of(user), at=real_moment().at)
    register, found, after = queries.get_register(code), [], ""
    while True:
        page = queries.list_rows(register, Sought(**sought), authority=authority, after=after, limit=7)
        found += [row.values["name"] for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(found) == queries.count_rows(register, Sought(**sought), authority=authority)
    return set(found)


@pytest.mark.parametrize("code", ALL)
def test_each_has_its_pages_files_and_answers(code, program):  # noqa: F811
    client, register = signed_in("zhongyu"), queries.get_register(code)
    page = client.get(f"/registers/{code}").content.decode()
    listed = program.get(f"/api/v1/registers/{code}/rows?limit=500").json()["rows"]
    row = next(r for r in listed if r["values"]["place"] == "4101")
    assert register.zh in page and register.zh in client.get("/registers").content.decode()
    shown = client.get(f"/registers/{code}/{row['id']}").content.decode()
    assert row["values"]["name"] in shown
    assert "/edit" not in shown and "/confirm" not in shown, "nothing that agencies does not do"
    for what in ("file.csv", "file.xlsx", "labels", "new", "import"):
        assert client.get(f"/registers/{code}/{what}").status_code == 200, what
    assert client.get(f"/registers/{code}?order=stale&stale=1&struck=1&q=x").status_code == 200
    table = list(
        csv.reader(io.StringIO(client.get(f"/registers/{code}/file.csv").content.decode("utf-8-sig")))
    )
    assert len(table) > 20 and table[0][0] == register.columns[0].zh
    assert program.get(f"/api/v1/registers/{code}").json()["code"] == code
    assert client.post(f"/registers/{code}/{row['id']}/comment", {"words": "已核"}).status_code == 302
    assert "已核" in client.get(f"/registers/{code}/{row['id']}").content.decode()
    kept = client.post(f"/registers/{code}/views", {"name": "查", "q": "郑州"})
    assert kept.status_code == 302


@pytest.mark.parametrize("code", ALL)
def test_the_template_is_read_again_by_the_import_without_what_nobody_gives(code):
    register = queries.get_register(code)
    text = signed_in("zhongyu").get(f"/registers/{code}/file.csv?template=1").content.decode("utf-8-sig")
    matched = queries.propose_columns(register, next(csv.reader(io.StringIO(text))))
    assert sorted(matched.values()) == sorted(c.name for c in register.given)


def test_they_are_found_by_characters_first_letters_code_and_filters():
    assert "郑州市应急管理局" in names("organizations", text="应急管理") & names(
        "organizations", text="zzsyjglj"
    )
    assert names("organizations", text="4101-yjj") == {"郑州市应急管理局"}
    assert names("organizations", text="无此机构") == set()
    kinds = names("organizations", equal={"kind": "department"})
    assert kinds and kinds == {o.name_zh for o in Organization.objects.filter(kind="department")}
    chiefs = names("posts", equal={"role": "duty_chief"})
    assert chiefs == {p.name_zh for p in Post.objects.filter(role="duty_chief")} and chiefs
    person = Person.objects.filter(kind="human", holdings__released_at=None).first()
    assert person and person.name_zh in names("holdings", text=person.name_zh)


@pytest.mark.parametrize("code", ALL)
def test_a_post_sees_its_own_area_what_covers_it_and_nothing_else(code):
    rows = queries.list_rows(
        queries.get_register(code), Sought(), limit=500,
        authority=get_authority(rights.a_holding("duty_officer", place="410182"), at=rights.NOW),
    ).rows  # fmt: skip
    places = {str(row.values["place"]) for row in rows}
    assert "410182" in places and all(p.startswith("410182") or "410182".startswith(p) for p in places)


def test_every_kind_role_and_line_has_its_word():
    assert {c.code for c in rosters.KINDS} == set(ORGANIZATION_KINDS)
    assert {c.code for c in rosters.ROLES} == set(get_rights().roles) - {"machine"}
    assert set(rosters.LINES) == set(LINES)


# --- what is entered goes by agencies' own actions ---------------------------------------------------


ORGANIZATION = {
    "name": "荥阳市水利局",
    "kind": "部门",
    "place": "410182",
    "code": "410182-slj",
    "territory": "410182-yjj",
}
POST = {
    "name": "水利值班员",
    "owner": "410182-yjj",
    "place": "410182",
    "role": "值班员",
    "code": "410182-sl-duty",
}
HELD = {
    "name": "林一舟",
    "post_code": "410182-sl-duty",
    "kind": "人员",
    "phone": "13612342071",
    "from_on": "2026-03-01",
}


def enter(user: str, code: str, values: dict[str, str]):
    return signed_in(user).post(f"/registers/{code}/new", values)


def test_an_organization_a_post_and_who_holds_it_are_entered_with_the_facts_of_agencies():
    for code, values in (("organizations", ORGANIZATION), ("posts", POST), ("holdings", HELD)):
        answer = enter("zhongyu", code, values)
        assert answer.status_code == 302, answer.content.decode()
        page = signed_in("zhongyu").get(answer["location"]).content.decode()
        assert values["name"] in page and "登记" in page, "its history begins"
    said = Entry.objects.order_by("-seq").values_list("kind", flat=True)[:20]
    assert {"agencies.organization_added/1", "agencies.organizations_linked/1", "agencies.post_added/1",
            "agencies.person_enrolled/1", "agencies.post_assigned/1"} <= set(said)  # fmt: skip
    held = Holding.objects.get(post__code="410182-sl-duty")
    assert (held.person.phone, held.from_at.isoformat()) == ("13612342071", "2026-02-28T16:00:00+00:00")
    assert not hasattr(held.person, "user"), "no account"
    assert enter("zhongyu", "organizations", ORGANIZATION).status_code == 409


def test_a_telephone_is_masked_and_a_look_at_it_recorded(program):  # noqa: F811
    enter("zhongyu", "posts", POST)
    here = enter("zhongyu", "holdings", HELD)["location"]
    client = signed_in("zhongyu")
    for content in (
        client.get(here),
        client.get("/registers/holdings/file.csv"),
        program.get("/api/v1/registers/holdings/rows?search=lyz"),
    ):
        text = content.content.decode()
        assert "136****71" in text and "13612342071" not in text
    assert not Entry.objects.filter(kind="registers.row_revealed/1").exists()
    assert "13612342071" in client.post(f"{here}/reveal", {"words": "叫应"}).content.decode()
    assert Entry.objects.get(kind="registers.row_revealed/1").body["columns"] == ["phone", "account"]


def test_to_strike_a_row_of_a_holding_is_to_release_the_post():
    enter("zhongyu", "posts", POST)
    here = enter("zhongyu", "holdings", HELD)["location"]
    assert signed_in("lisiyuan").post(f"{here}/strike", {"words": "调离"}).status_code == 403, (
        "who appoints, releases"
    )
    assert Holding.objects.get(post__code=POST["code"]).released_at is None
    client = signed_in("zhongyu")
    assert client.post(f"{here}/strike", {"words": "调离"}).status_code == 302
    assert Holding.objects.get(post__code=POST["code"]).released_at is not None
    assert Entry.objects.filter(kind="agencies.post_released/1").count() == 1
    assert "林一舟" not in names("holdings") and "林一舟" in names("holdings", struck=True)
    assert "调离" in client.get(here).content.decode()


@pytest.mark.parametrize("code", ALL)
def test_nothing_that_stands_is_changed_or_confirmed_here(code):
    by, moment, register = holding_of("zhongyu"), real_moment(), queries.get_register(code)
    row = queries.list_rows(register, Sought(), authority=get_authority(by, at=moment.at)).rows[0]
    for act in (
        lambda: actions.change_row(code, row.id, {"name": "别名"}, version=1, by=by, moment=moment),
        lambda: actions.change_rows(code, [(row.id, 1)], {"name": "别名"}, by=by, moment=moment),
        lambda: actions.confirm_row(code, row.id, by=by, moment=moment),
    ):
        with pytest.raises(queries.RegisterRefused, match="register_kept_elsewhere"):
            act()
    expected = "row_stands" if code == "holdings" else "register_kept_elsewhere"
    with pytest.raises(queries.RegisterRefused, match=expected):
        actions.restore_row(code, row.id, by=by, moment=moment)


@pytest.mark.parametrize("user", ["lisiyuan"])
@pytest.mark.parametrize(
    ("code", "values"), [("organizations", ORGANIZATION), ("posts", POST), ("holdings", HELD)]
)
def test_who_may_not_enters_nothing(user, code, values):
    enter("zhongyu", "posts", POST) if code == "holdings" else None
    before = (Organization.objects.count(), Post.objects.count(), Holding.objects.count())
    assert enter(user, code, values).status_code == 403
    assert "/new" not in signed_in(user).get(f"/registers/{code}").content.decode()
    assert (Organization.objects.count(), Post.objects.count(), Holding.objects.count()) == before


def test_a_program_enters_nothing_of_it():
    answer = call(a_writer(), "post", "/api/v1/registers/organizations/rows", {"values": ORGANIZATION})
    assert answer.status_code in (403, 409) and answer.json()["error"] in (
        "machine_may_not_decide",
        "not_allowed",
    )
    assert not Organization.objects.filter(code=ORGANIZATION["code"]).exists()


# --- files -----------------------------------------------------------------------------------------------


def take_in(code: str, lines: list[dict[str, str]], by) -> dict[int, list[str]]:
    """The file carried out to its end; lines that were not taken, with why."""
    headings, moment = sorted({n for line in lines for n in line}), real_moment()
    cells = [(n + 2, [line.get(name, "") for name in headings]) for n, line in enumerate(lines)]
    begun = actions.begin_import(code, "f.csv", headings, cells, by=by, moment=moment)
    actions.order_import(begun, {str(n): name for n, name in enumerate(headings)}, by=by, moment=moment)
    machine = rights.a_holding("machine", kind="machine")
    while actions.carry_on_imports(by=machine, moment=moment):
        pass
    return {line.number: [e.code for e in line.errors] for line in queries.list_wrong(begun)}


def test_a_file_enters_new_ones_leaves_what_stands_and_says_what_differs():
    by = holding_of("zhongyu")
    under = ORGANIZATION | {"name": "水库管理所", "code": "410182-slj-sk", "territory": "410182-slj"}
    differs = {"code": "4101-yjj", "name": "另一名称", "kind": "部门", "place": "4101"}
    same = differs | {"name": "郑州市应急管理局"}
    wrong = take_in("organizations", [ORGANIZATION, under, differs, same, ORGANIZATION], by)
    assert wrong == {4: ["cell_kept_elsewhere"], 6: ["cell_double"]}
    assert Organization.objects.get(code="410182-slj-sk").upward.get().upper.code == "410182-slj"
    assert Organization.objects.get(code="4101-yjj").name_zh == "郑州市应急管理局"
    (card,) = queries.list_imports(
        queries.get_register("organizations"), authority=get_authority(by, at=real_moment().at)
    )
    assert (card.added, card.same, card.wrong) == (2, 1, 2)
    with pytest.raises(queries.RegisterRefused, match="register_kept_elsewhere"):
        actions.undo_import(card.id, by=by, moment=real_moment())


def a_county_operator():
    """Who administers one county, with an account of their own."""
    return rights.a_holding("operator", place="410182")


def test_nobody_gives_themselves_a_right_by_a_file():
    by = a_county_operator()
    own = Holding.objects.select_related("person").get(pk=by)
    higher = Post.objects.filter(role="operator", place="").first()
    posts = take_in("posts", [
        POST | {"code": "up", "place": "4101"},
        POST | {"code": "elsewhere", "place": "410181", "owner": "4101-yjj"},
        POST | {"code": "wide", "owner": "4101-yjj"}, POST,
    ], by)  # fmt: skip
    assert posts == {2: ["cell_not_yours"], 3: ["cell_not_yours"], 4: ["cell_not_yours"]}
    held = take_in("holdings", [
        HELD | {"post_code": higher.code}, HELD | {"post_code": higher.code, "account": "zhongyu"},
        HELD | {"account": "nobody-here"}, HELD | {"post_code": "none"}, HELD,
    ], by)  # fmt: skip
    assert held == {2: ["cell_not_yours"], 3: ["cell_not_yours"], 4: ["unknown_user"], 5: ["unknown_post"]}
    assert Holding.objects.filter(person=own.person).count() == 1
    assert not Holding.objects.filter(post=higher, person__name_zh="林一舟").exists()
    assert Holding.objects.filter(post__code=POST["code"]).count() == 1, "what is theirs they may"


@pytest.mark.parametrize("code", ALL)
def test_who_appoints_nobody_begins_no_file(code):
    by = rights.a_holding("duty_chief", place="4101")
    with pytest.raises(queries.RegisterRefused.__mro__[1], match="not_allowed"):
        actions.begin_import(code, "f.csv", ("名称",), [(2, ("x",))], by=by, moment=real_moment())


def test_canary_an_import_that_does_not_ask_would_appoint(monkeypatch):
    from jingwei.apps.agencies import queries as agencies

    enter("zhongyu", "posts", POST | {"place": "4101", "owner": "4101-yjj"})
    by = a_county_operator()
    assert take_in("holdings", [HELD], by) == {2: ["cell_not_yours"]}
    monkeypatch.setattr(agencies, "require", lambda by, *_, at, **__: get_authority(by, at=at))
    assert take_in("holdings", [HELD], by) == {}
    assert Holding.objects.filter(post__code=POST["code"]).exists()
