"""People in danger check in; who does not is escalated once a level; they are out when a person says so."""

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.checkins import actions, queries
from jingwei.apps.checkins import writes as checkin_writes
from jingwei.apps.checkins.facts import NewWatch, WatchChange
from jingwei.apps.checkins.models import CheckIn, Watch
from jingwei.apps.journal.models import Entry
from jingwei.apps.tasks.queries import find_post_above
from jingwei.kernel.refusals import Refused
from tests.builders import STORM, a_moment, an_incident, authority_of, holding_of
from tests.nodes import LiveDatabase

WHO, PLACE, MIN, SEC = "hejing", "410105", timedelta(minutes=1), timedelta(seconds=1)


def act(at: datetime = STORM, who: str = WHO) -> dict:
    return {"by": holding_of(who), "moment": a_moment(at)}


def started(at: datetime = STORM, **changes) -> uuid.UUID:
    given_ = {
        "party": "搜救一组",
        "names": "张三、李四",
        "heads": 5,
        "place": PLACE,
        "every_min": 20,
    } | changes
    return actions.start_watch(NewWatch(**given_), **act(at))


def tick(at: datetime) -> int:
    return actions.escalate_missed(by=get_machine(), moment=a_moment(at))


def missed(watch: uuid.UUID) -> list[tuple[int, str]]:
    rows = Entry.objects.filter(kind="checkins.missed/1", subject=str(watch)).order_by("seq")
    return [(e.body["level"], e.body["to_post"]) for e in rows]


def levels(watch: uuid.UUID) -> list[int]:
    return [level for level, _ in missed(watch)]


def line(watch: uuid.UUID, at: datetime = STORM) -> queries.WatchLine:
    found = queries.find_watch(watch, authority=authority_of(WHO), at=at)
    assert found is not None
    return found


def refused(call) -> str:
    with pytest.raises(Refused) as no, transaction.atomic():
        call()
    return no.value.code


@pytest.mark.django_db
class TestEscalating:
    def test_a_missed_one_goes_to_the_named_post_and_after_a_second_to_the_one_above(self):
        watch, own = started(), authority_of(WHO)
        assert tick(STORM + 20 * MIN) == 0, "on the minute it is not missed yet"
        assert tick(STORM + 20 * MIN + SEC) == 1 and tick(STORM + 25 * MIN) == 0
        assert missed(watch) == [(1, own.post_code)]
        assert line(watch, STORM + 20 * MIN + SEC).missed
        tick(STORM + 40 * MIN + SEC)
        above = find_post_above(own.post_code, own.organization_code) or own.post_code
        assert missed(watch) == [(1, own.post_code), (2, above)]
        assert tick(STORM + 600 * MIN) == 0 and line(watch).told_post == above

    def test_the_second_post_may_be_named(self):
        other = authority_of("lisiyuan").post_code
        watch = started(then_post=other)
        tick(STORM + 50 * MIN)  # a worker that comes late says both
        assert missed(watch) == [(1, authority_of(WHO).post_code), (2, other)]

    def test_without_a_post_above_the_first_is_told_again_and_never_nobody(self, monkeypatch):
        monkeypatch.setattr(checkin_writes.tasks, "find_post_above", lambda *_: "")
        watch, own = started(), authority_of(WHO).post_code
        tick(STORM + 50 * MIN)
        assert missed(watch) == [(1, own), (2, own)]

    def test_a_check_in_before_any_tick_does_not_hide_what_was_missed(self):
        watch = started()
        actions.check_in(watch, **act(STORM + 45 * MIN))
        assert levels(watch) == [1, 2] and not line(watch, STORM + 45 * MIN).missed
        assert CheckIn.objects.get().level == 2, "the line says how late it came"

    def test_a_clock_that_jumps_back_takes_no_escalation_back(self):
        watch = started()
        tick(STORM + 21 * MIN)
        for back in (STORM, STORM - 60 * MIN, STORM + 19 * MIN):
            assert tick(back) == 0
            assert line(watch, back).missed and line(watch, back).level == 1
        tick(STORM + 21 * MIN)
        assert levels(watch) == [1]

    def test_heard_by_a_clock_that_jumped_back_the_next_is_due_by_that_clock(self):
        watch = started(STORM)
        actions.check_in(watch, **act(STORM - 60 * MIN))
        assert line(watch).due_at == STORM - 40 * MIN

    def test_changing_the_interval_neither_hides_nor_takes_back_what_was_missed(self):
        watch = started()
        change = WatchChange(heads=5, every_min=120)
        actions.change_watch(watch, change, reason="进入平稳区", version=1, **act(STORM + 21 * MIN))
        assert levels(watch) == [1] and line(watch, STORM + 22 * MIN).missed
        tick(STORM + 239 * MIN)
        assert levels(watch) == [1]
        tick(STORM + 241 * MIN)
        assert levels(watch) == [1, 2]

    def test_after_being_heard_it_begins_anew(self):
        watch = started()
        tick(STORM + 21 * MIN)
        actions.check_in(watch, channel="radio", words="信号不好", **act(STORM + 30 * MIN))
        tick(STORM + 50 * MIN + SEC)
        assert levels(watch) == [1, 1]

    def test_one_that_ended_is_not_escalated(self):
        watch = started()
        actions.end_watch(watch, heads_out=5, version=1, **act(STORM + 10 * MIN))
        assert tick(STORM + 600 * MIN) == 0 and missed(watch) == []

    def test_when_they_were_to_be_out_before_the_interval_is_over_that_counts(self):
        watch = started(until_at=STORM + 7 * MIN)
        tick(STORM + 7 * MIN + SEC)
        assert levels(watch) == [1]


#: What may happen to a party, and how many minutes later (back, when below nothing).
STEPS = st.lists(st.tuples(st.sampled_from(["tick", "heard"]), st.integers(-30, 50)), max_size=12)


def _expected(steps: list[tuple[str, int]], every: int) -> list[int]:
    """Between two times they were heard: 1 when anybody looked after an interval, 2 after two; once each."""
    found, now, heard, level = [], 0, 0, 0
    for what, later in steps:
        now += later
        reached = (now > heard + every) + (now > heard + 2 * every)
        found += range(level + 1, reached + 1)
        level = max(level, reached)
        if what == "heard":
            heard, level = now, 0
    return found


def _played(steps: list[tuple[str, int]], every: int) -> list[int]:
    watch, at = started(every_min=every), STORM
    for number, (what, later) in enumerate(steps):
        at += later * MIN
        tick(at) if what == "tick" else actions.check_in(watch, words=f"第{number}次", **act(at))
    return levels(watch)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, every=st.integers(1, 40))
def test_each_missed_one_is_escalated_once_a_level_whatever_the_order(steps, every):
    assert _played(steps, every) == _expected(steps, every)


@pytest.mark.django_db
def test_canary_a_check_in_that_does_not_settle_first_hides_a_missed_one(monkeypatch):
    steps = [("heard", 30), ("tick", 1)]
    assert _played(steps, 20) == _expected(steps, 20) == [1]
    monkeypatch.setattr(checkin_writes, "settle", lambda row, moment: [])
    assert _played(steps, 20) == [] != _expected(steps, 20)


@pytest.mark.django_db
class TestPeople:
    def test_two_taps_at_once_are_one_and_words_are_never_dropped(self):
        watch = started()
        assert actions.check_in(watch, **act(STORM + 5 * MIN))
        assert not actions.check_in(watch, **act(STORM + 5 * MIN + 3 * SEC))
        assert actions.check_in(watch, channel="radio", words="一人轻伤", **act(STORM + 5 * MIN + 4 * SEC))
        assert actions.check_in(watch, **act(STORM + 6 * MIN))
        assert [c.channel for c in CheckIn.objects.order_by("-pk")] == ["tap", "radio", "tap"]
        assert Entry.objects.filter(kind="checkins.checked_in/1").count() == 3

    def test_fewer_out_than_in_is_written_with_words_and_stays_to_be_seen(self):
        watch = started()
        end = {"heads_out": 3, "version": 1, **act(STORM + 30 * MIN)}
        assert refused(lambda: actions.end_watch(watch, **end)) == "watch_difference_missing"
        actions.end_watch(watch, words="两人仍在井下", **end)
        assert line(watch).difference == 2 and line(watch).end_words == "两人仍在井下"
        counts = queries.count_states(queries.Asked(), authority=authority_of(WHO), at=STORM)
        assert (counts["open"], counts["differs"]) == (0, 1)
        assert levels(watch) == [1], "that they came late stands in the record too"

    def test_an_end_is_taken_back_and_they_are_watched_from_then_on(self):
        watch = started()
        actions.end_watch(watch, heads_out=5, version=1, **act(STORM + 10 * MIN))
        assert refused(lambda: actions.check_in(watch, **act())) == "watch_over"
        again = {"version": 2, **act(STORM + 60 * MIN)}
        assert refused(lambda: actions.reopen_watch(watch, reason=" ", **again)) == "watch_reason_missing"
        actions.reopen_watch(watch, reason="点错了", **again)
        found = line(watch, STORM + 60 * MIN)
        assert found.open and found.heads_out is None and found.due_at == STORM + 80 * MIN
        assert (
            refused(lambda: actions.reopen_watch(watch, reason="再", version=3, **act())) == "watch_not_over"
        )

    def test_two_who_end_it_on_the_same_page_the_second_is_told(self):
        watch = started()
        actions.end_watch(watch, heads_out=5, version=1, **act())
        twice = {"heads_out": 4, "words": "少一人", "version": 1, **act()}
        assert refused(lambda: actions.end_watch(watch, **twice)) == "watch_changed_meanwhile"

    def test_a_check_in_does_not_refuse_the_end_of_who_looked_before(self):
        watch = started()
        actions.check_in(watch, **act(STORM + MIN))
        actions.end_watch(watch, heads_out=5, version=1, **act(STORM + 2 * MIN))

    def test_names_are_shown_by_a_recorded_look_only(self):
        watch = started()
        assert line(watch).named and "张三" not in repr(line(watch))
        assert refused(lambda: actions.reveal_party(watch, reason="", **act())) == "watch_reason_missing"
        assert actions.reveal_party(watch, reason="核对名单", **act()) == "张三、李四"
        assert Entry.objects.get(kind="checkins.revealed/1").body["reason"] == "核对名单"
        assert not any("张三" in str(e.body) for e in Entry.objects.filter(subject=str(watch)))

    def test_the_same_form_sent_twice_is_one_watch(self):
        assert started(key="k") == started(key="k") and Watch.objects.count() == 1
        assert refused(lambda: started(key="k", heads=6)) == "watch_key_reused"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"party": " "}, "watch_party_missing"), ({"heads": 0}, "watch_heads_impossible"),
            ({"every_min": 0}, "watch_interval_impossible"), ({"until_at": STORM}, "watch_until_past"),
            ({"place": "410199"}, "watch_place_unknown"), ({"tell_post": "no"}, "watch_post_unknown"),
            ({"then_post": "no"}, "watch_post_unknown"),
            ({"incident_id": uuid.UUID(int=1)}, "watch_incident_unknown"),
            ({"task_id": uuid.UUID(int=1)}, "watch_task_unknown"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_watched_is_refused(self, changes, code):
        assert refused(lambda: started(**changes)) == code

    def test_what_cannot_be_changed_is_refused(self):
        watch, mine = started(), {"reason": "变更", "version": 1, **act()}
        same = WatchChange(heads=5, every_min=20)
        assert refused(lambda: actions.change_watch(watch, same, **mine)) == "watch_unchanged"
        past = WatchChange(heads=5, every_min=20, until_at=STORM)
        assert refused(lambda: actions.change_watch(watch, past, **mine)) == "watch_until_past"
        assert refused(lambda: actions.check_in(watch, channel="pigeon", **act())) == "watch_channel_unknown"
        assert refused(lambda: actions.check_in(uuid.UUID(int=1), **act())) == "watch_unknown"

    def test_lists_show_who_was_not_heard_first_and_find_by_words(self):
        incident = an_incident()
        late = started(STORM - 60 * MIN, party="排查组", incident_id=incident.pk)
        soon, over = started(party="二组", spot="三号井"), started(party="三组")
        actions.end_watch(over, heads_out=5, version=1, **act())
        at = STORM + MIN
        asked, mine = queries.Asked(state=""), {"authority": authority_of(WHO), "at": at}
        assert [w.id for w in queries.list_watches(asked, **mine)] == [late, soon, over]
        found = queries.list_watches(queries.Asked(state="missed"), **mine)
        assert [w.id for w in found] == [late]
        assert [w.id for w in queries.list_watches(queries.Asked(text="三号"), **mine)] == [soon]
        of = queries.Asked(incident_id=incident.pk)
        assert [w.id for w in queries.list_watches(of, **mine)] == [late]


def test_four_who_tap_at_once_are_one_check_in_beside_two_workers(live_db: LiveDatabase) -> None:
    watch, mine, machine = started(), act(STORM + 45 * MIN), get_machine()
    start, broken = threading.Barrier(6), []

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            if number < 2:
                actions.escalate_missed(by=machine, moment=mine["moment"])
            else:
                actions.check_in(watch, **mine)
        except Exception as error:  # noqa: BLE001 - whatever broke one is shown below
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert levels(watch) == [1, 2] and CheckIn.objects.count() == 1


@pytest.mark.django_db
def test_what_a_party_said_stands_with_the_check_in_and_not_in_the_journal() -> None:
    watch = started()
    actions.check_in(watch, channel="radio", words="李四轻伤", **act(STORM + MIN))
    assert list(queries.list_words(watch).values()) == ["李四轻伤"]
    entry = Entry.objects.get(kind="checkins.checked_in/1", subject=str(watch))
    assert entry.body["check_in_id"] in queries.list_words(watch)
    assert "李四" not in str([e.body for e in Entry.objects.all()])
