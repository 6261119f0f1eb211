"""Merge, split, and undo: nothing is lost, and what was undone stands exactly as before."""

import itertools
import random
import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from jingwei.apps.incidents import actions, queries
from jingwei.apps.incidents.facts import ChangeUndone, IncidentsMerged, IncidentSplit
from jingwei.apps.incidents.models import Apart, Change, Incident, Membership, Unplaced
from jingwei.apps.incidents.rules import IncidentRefused
from jingwei.apps.journal import queries as journal
from jingwei.apps.reports.facts import Claim
from jingwei.kernel.refusals import Refused
from tests.builders import STORM, a_moment, authority_of, holding_of, receive, settle, told

pytestmark = pytest.mark.django_db
TUNNEL = {"site": "zz-jingguang-north-tunnel", "place": "410105"}
SOUTH = {"site": "zz-jingguang-south-tunnel", "place": "410105"}


@pytest.fixture
def duty():
    return holding_of("lisiyuan")


def incident_of(report_id) -> Incident | None:
    member = Membership.objects.filter(report_id=report_id, left_at=None).first()
    return member.incident if member else None


def two_tunnels(duty) -> tuple[Incident, Incident, list[uuid.UUID]]:
    later = STORM + timedelta(minutes=9)
    answers = receive(
        told(**TUNNEL, figures=(Claim(measure="deaths", value=12, unit="person"),)),
        told("又一车", **TUNNEL, occurred_at=later),
        told("南隧道也进水", **SOUTH, occurred_at=STORM - timedelta(minutes=30)),
        by=duty,
    )
    settle()
    ids = [a.id for a in answers]
    return incident_of(ids[0]), incident_of(ids[2]), ids


def merge(target, *sources, by):
    rows = [target, *sources]
    for row in rows:
        row.refresh_from_db()
    versions = {r.id: r.version for r in rows}
    actions.merge_incidents(
        [s.id for s in sources], target.id, reason="同一处", versions=versions, by=by, moment=a_moment()
    )
    settle()
    return newest(target)


def newest(row) -> uuid.UUID:
    return Change.objects.filter(touched=row).order_by("-seq")[0].entry_id


def undo(entry, *, by) -> uuid.UUID:
    done = actions.undo(entry, reason="看错了", by=by, moment=a_moment())
    settle()
    return done


def picture() -> dict[str, object]:
    """All that people see: where each report stands and why, what is parted, every incident's fields."""
    fields = ("state", "merged_into", "title_zh", "title_en", "named", "opened_at", "last_at", "place",
              "event_ref", "judged_grade", "judged_by", "confirmed_grade", "confirmed_clauses",
              "confirmed_at", "report_count", "proposed_grade")  # fmt: skip
    members = Membership.objects.filter(left_at=None).order_by("report_id")
    return {
        "members": [(m.report_id, m.incident_id, m.score, m.why) for m in members],
        "apart": sorted(Apart.objects.values_list("report_id", "incident_id")),
        "waiting": sorted(Unplaced.objects.values_list("report_id", "reason")),
        "incidents": list(Incident.objects.order_by("pk").values("pk", *fields)),
    }


def test_merged_incidents_stand_as_one_and_the_source_says_where(duty):
    north, south, ids = two_tunnels(duty)
    merge(north, south, by=duty)
    north.refresh_from_db()
    south.refresh_from_db()
    assert {incident_of(i) for i in ids} == {north} and north.report_count == 3
    assert (south.state, south.merged_into, south.report_count) == ("merged", north, 0)
    assert north.opened_at == STORM - timedelta(minutes=30), "the earlier time is carried over"
    authority = authority_of("lisiyuan")
    for state in ("open", "closed", ""):
        assert south.id not in [i.id for i in queries.list_incidents(authority=authority, state=state)]
    assert queries.find_incident(south.id, authority=authority).merged_into == north.id
    (said,) = journal.list_entries(subjects=[str(north.id)], kinds=[IncidentsMerged])
    assert (said.fact.report_ids, said.by) == ((str(ids[2]),), duty)


def test_undoing_a_merge_and_undoing_that(duty):
    north, south, _ = two_tunnels(duty)
    before = picture()
    merged = merge(north, south, by=duty)
    after = picture()
    undone = undo(merged, by=duty)
    assert picture() == before
    (said,) = journal.list_entries(subjects=[str(north.id)], kinds=[ChangeUndone])
    assert (said.fact.undoes, said.fact.what) == (str(merged), "merged")
    again = undo(undone, by=duty)
    assert {k: v for k, v in picture().items() if k != "members"} == {
        k: v for k, v in after.items() if k != "members"
    }
    undo(again, by=duty)
    assert picture() == before


def test_the_grade_is_proposed_again(duty):
    north, south, ids = two_tunnels(duty)
    assert north.proposed_grade == 2
    figures = (Claim(measure="deaths", value=33, unit="person"),)
    (grave,) = receive(told("南隧道33人", figures=figures, **SOUTH), by=duty)
    settle()
    entry = merge(south, north, by=duty)
    south.refresh_from_db()
    actions.split_incident(
        south.id, report_ids=[grave.id], reason="另一处", version=south.version, by=duty, moment=a_moment()
    )
    settle()
    assert incident_of(grave.id).proposed_grade == 1
    south.refresh_from_db()
    assert south.proposed_grade is None, "the figure of the other site is not its own"
    undo(entry, by=duty)
    assert incident_of(ids[0]).proposed_grade == 2
    assert incident_of(grave.id).proposed_grade == 1, "split off since, it stays where it is"


def test_a_split_leaves_two_that_stay_apart(duty):
    north, _, ids = two_tunnels(duty)
    new_id = actions.split_incident(
        north.id, report_ids=[ids[1]], reason="两处", version=north.version, by=duty, moment=a_moment()
    )
    settle()
    new = Incident.objects.get(pk=new_id)
    assert (incident_of(ids[1]), incident_of(ids[0])) == (new, north)
    assert {(a.report_id, a.incident_id) for a in Apart.objects.all()} == {
        (ids[1], north.id),
        (ids[0], new_id),
    }
    (said,) = journal.list_entries(subjects=[str(north.id)], kinds=[IncidentSplit])
    assert said.fact.incident_ids == (str(north.id), str(new_id))


def test_a_split_that_was_undone_forwards_the_new_one(duty):
    north, _, ids = two_tunnels(duty)
    before = picture()
    new_id = actions.split_incident(
        north.id, report_ids=[ids[1]], reason="两处", version=north.version, by=duty, moment=a_moment()
    )
    settle()
    split = newest(north)
    after = picture()
    undone = undo(split, by=duty)
    now = picture()
    new = Incident.objects.get(pk=new_id)
    assert (new.state, new.merged_into, new.report_count) == ("merged", north, 0)
    now["incidents"] = [i for i in now["incidents"] if i["pk"] != new_id]
    assert now == before
    undo(undone, by=duty)
    assert picture() == after


@pytest.mark.parametrize(
    ("chosen", "code"),
    [((), "split_reports_missing"), ((0, 1), "split_takes_all"), ((2,), "report_not_in_incident")],
)
def test_a_split_takes_some_reports_and_leaves_some(duty, chosen, code):
    north, _, ids = two_tunnels(duty)
    with pytest.raises(IncidentRefused) as refused:
        actions.split_incident(
            north.id,
            report_ids=[ids[n] for n in chosen],
            reason="两处",
            version=north.version,
            by=duty,
            moment=a_moment(),
        )
    assert refused.value.code == code


def test_what_a_person_parted_stays_parted_through_a_merge(duty):
    north, south, ids = two_tunnels(duty)
    actions.separate_report(ids[1], reason="另一条路", by=duty, moment=a_moment())
    entry = merge(south, north, by=duty)
    assert Apart.objects.filter(report_id=ids[1], incident=south).exists()
    undo(entry, by=duty)
    assert not Apart.objects.filter(report_id=ids[1], incident=south).exists()
    assert Apart.objects.filter(report_id=ids[1], incident=north).exists()


def test_a_report_that_names_a_merged_incident_finds_the_one_it_went_to(duty):
    north, south, _ = two_tunnels(duty)
    merge(north, south, by=duty)
    (later,) = receive(told("已抽排", kind="", type="action", place="", event_ref=str(south.id)), by=duty)
    settle()
    assert incident_of(later.id) == north


def test_a_report_taken_in_since_is_kept_where_it_is(duty):
    north, south, ids = two_tunnels(duty)
    entry = merge(north, south, by=duty)
    (later,) = receive(told("又来一条", **TUNNEL), by=duty)
    settle()
    undo(entry, by=duty)
    assert (incident_of(later.id), incident_of(ids[2])) == (north, south)
    north.refresh_from_db()
    assert north.report_count == 3


def test_what_something_newer_stands_on_is_not_undone_and_nothing_is_half_done(duty):
    north, south, ids = two_tunnels(duty)
    merged = merge(north, south, by=duty)
    actions.separate_report(ids[2], reason="另一处", by=duty, moment=a_moment())
    settle()
    before, newer = picture(), newest(north)
    with pytest.raises(IncidentRefused) as refused:
        undo(merged, by=duty)
    assert refused.value.code == "undo_overtaken"
    assert refused.value.facts == {"what": "separated", "entry": str(newer)}
    assert picture() == before
    undo(newer, by=duty)
    undo(merged, by=duty)
    assert incident_of(ids[2]) == south


def test_a_new_incident_with_a_newer_report_is_not_emptied(duty):
    north, _, ids = two_tunnels(duty)
    new_id = actions.split_incident(
        north.id, report_ids=[ids[1]], reason="两处", version=north.version, by=duty, moment=a_moment()
    )
    split = newest(north)
    (later,) = receive(told("新的", kind="", type="action", place="", event_ref=str(new_id)), by=duty)
    settle()
    assert incident_of(later.id).id == new_id
    with pytest.raises(IncidentRefused) as refused:
        undo(split, by=duty)
    assert refused.value.facts["what"] == "report_fused"
    assert incident_of(later.id).id == new_id


@pytest.mark.parametrize("what", ["rename", "close", "judge", "confirm"])
def test_a_decision_is_withdrawn_and_given_back(duty, what):
    chief = holding_of("hejing")
    north, _, _ = two_tunnels(duty)
    given = {
        "rename": (actions.rename_incident, {"title_zh": "北隧道", "title_en": "North"}),
        "close": (actions.close_incident, {"reason": "完"}),
        "judge": (actions.judge_grade, {"grade": 1, "reason": "现场"}),
        "confirm": (actions.confirm_grade, {"grade": 2}),
    }
    before = picture()
    act, fields = given[what]
    act(north.id, version=north.version, by=chief, moment=a_moment(), **fields)
    after = picture()
    assert after != before
    undone = undo(newest(north), by=chief)
    assert picture() == before
    undo(undone, by=chief)
    assert picture() == after


def test_reopening_is_undone_too(duty):
    chief = holding_of("hejing")
    north, _, _ = two_tunnels(duty)
    actions.close_incident(north.id, reason="完", version=north.version, by=chief, moment=a_moment())
    north.refresh_from_db()
    actions.reopen_incident(north.id, reason="又来", version=north.version, by=chief, moment=a_moment())
    undo(newest(north), by=chief)
    north.refresh_from_db()
    assert north.state == "closed"


def test_nobody_undoes_what_they_might_not_do(duty):
    chief = holding_of("hejing")
    north, _, _ = two_tunnels(duty)
    actions.close_incident(north.id, reason="完", version=north.version, by=chief, moment=a_moment())
    with pytest.raises(Refused) as refused:
        undo(newest(north), by=duty)
    assert refused.value.code == "not_allowed"


def test_nothing_is_undone_twice(duty):
    north, south, _ = two_tunnels(duty)
    merged = merge(north, south, by=duty)
    undo(merged, by=duty)
    with pytest.raises(IncidentRefused) as refused:
        undo(merged, by=duty)
    assert refused.value.code == "already_undone"


def test_nothing_happens_to_a_merged_incident(duty):
    north, south, ids = two_tunnels(duty)
    merge(north, south, by=duty)
    south.refresh_from_db()
    with pytest.raises(IncidentRefused) as refused:
        actions.judge_grade(south.id, grade=1, reason="x", version=south.version, by=duty, moment=a_moment())
    assert refused.value.code == "incident_merged"
    with pytest.raises(IncidentRefused) as refused:
        actions.join_report(ids[0], south.id, by=duty, moment=a_moment())
    assert refused.value.code == "incident_merged"


# --- any sequence of acts --------------------------------------------------------------------------------


def is_whole() -> None:
    """Every report has exactly one incident, or waits for a person; counts agree; merged ones are empty."""
    reports = set(journal_reports())
    members = list(Membership.objects.filter(left_at=None).values_list("report_id", "incident_id"))
    assert len(members) == len({r for r, _ in members})
    waiting = set(Unplaced.objects.values_list("report_id", flat=True))
    assert {r for r, _ in members} | waiting == reports
    assert not {r for r, _ in members} & waiting
    for row in Incident.objects.all():
        standing = sum(i == row.pk for _, i in members)
        assert row.report_count == standing
        assert row.state != "merged" or standing == 0


def journal_reports() -> list[uuid.UUID]:
    from jingwei.apps.reports.models import Report

    return list(Report.objects.values_list("pk", flat=True))


def an_act(chance: random.Random, duty) -> None:
    """One act at random; a refusal is a fair answer."""
    open_rows = list(Incident.objects.filter(state="open").order_by("pk"))
    members = list(Membership.objects.filter(left_at=None).order_by("pk"))
    what = chance.choice(["fuse", "merge", "split", "separate", "join", "undo", "undo", "undo", "close"])
    if what == "fuse":
        place = chance.choice([TUNNEL, SOUTH, {"place": "410182"}])
        receive(told(f"水{chance.random()}", **place), by=duty)
    elif what == "merge" and len(open_rows) > 1:
        target, source = chance.sample(open_rows, 2)
        merge(target, source, by=duty)
    elif what == "split" and members:
        row = chance.choice(members).incident
        own = [m.report_id for m in members if m.incident_id == row.pk]
        actions.split_incident(
            row.id,
            report_ids=own[: len(own) // 2],
            reason="x",
            version=row.version,
            by=duty,
            moment=a_moment(),
        )
    elif what == "separate" and members:
        actions.separate_report(chance.choice(members).report_id, reason="x", by=duty, moment=a_moment())
    elif what == "join" and members and open_rows:
        actions.join_report(
            chance.choice(members).report_id, chance.choice(open_rows).id, by=duty, moment=a_moment()
        )
    elif what == "close" and open_rows:
        row = chance.choice(open_rows)
        actions.close_incident(
            row.id, reason="x", version=row.version, by=holding_of("hejing"), moment=a_moment()
        )
    elif what == "undo" and (
        entries := list(Change.objects.order_by("seq").values_list("entry_id", flat=True))
    ):
        undo_and_back(chance.choice(entries))


def undo_and_back(entry: uuid.UUID) -> None:
    """Undo, see that undoing the undoing brings all back, and leave it undone."""
    chief = holding_of("hejing")
    before = picture()
    undone = undo(entry, by=chief)
    back = undo(undone, by=chief)
    after = picture()
    for part in ("apart", "waiting", "incidents"):
        assert after[part] == before[part], part
    assert [m[:2] for m in after["members"]] == [m[:2] for m in before["members"]]
    undo(back, by=chief)


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_acts_loses_a_report(duty, seed):
    chance = random.Random(seed)
    two_tunnels(duty)
    done = 0
    for _ in itertools.repeat(None, 30):
        before = picture()
        try:
            with transaction.atomic():
                an_act(chance, duty)
                settle()
            done += 1
        except Refused:
            assert picture() == before, "refused, and half done"
        is_whole()
    assert done > 10


def test_canary_a_lost_report_is_seen(duty):
    _, _, ids = two_tunnels(duty)
    Membership.objects.filter(report_id=ids[0]).update(left_at=STORM)
    with pytest.raises(AssertionError):
        is_whole()
