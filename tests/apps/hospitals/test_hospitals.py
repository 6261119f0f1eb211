"""Beds by kind, surge steps, patients on the way: no bed is promised twice, and a receipt ends a transfer."""

import uuid

import pytest
from django.db import transaction

from jingwei.apps.hospitals import actions, queries
from jingwei.apps.hospitals import writes as hospital_writes
from jingwei.apps.hospitals.facts import NewBeds, NewStep, NewTransfer
from jingwei.apps.hospitals.models import SurgeStep
from jingwei.apps.journal.models import Entry
from jingwei.apps.registers import actions as registers
from jingwei.kernel.refusals import Refused
from tests.builders import STORM, a_moment, authority_of, holding_of

pytestmark = pytest.mark.django_db


def act(who: str = "hejing") -> dict:
    return {"by": holding_of(who), "moment": a_moment()}


def a_hospital(name="市一院", place="410105", usable=2, taken=0, kind="icu") -> uuid.UUID:
    values = {"name": name, "place": place, "kind": "3A", "beds": 800}
    made = registers.add_row("hospitals", values, **act("zhongyu"))
    beds(made, usable, taken, kind)
    return made


def beds(hospital, usable, taken, kind="icu") -> None:
    new = NewBeds(hospital_id=hospital, kind=kind, usable=usable, taken=taken)
    actions.report_beds(new, **act("zhongyu"))


def asked(to, source=None, patient="伤票 0012", **more) -> uuid.UUID:
    fields = {"from_words": "" if source else "三中安置点"} | more
    return actions.ask_transfer(
        NewTransfer(to_id=to, from_id=source, kind="icu", patient=patient, **fields), **act()
    )


def icu(hospital) -> queries.BedsLine:
    found = queries.find_hospital(hospital, authority=authority_of("hejing"))
    return next(b for b in found.beds if b.kind == "icu")


def refused(call) -> str:
    with pytest.raises(Refused) as no, transaction.atomic():
        call()
    return no.value.code


def test_beds_are_said_anew_and_what_was_said_before_stands_in_the_record():
    hospital = a_hospital(usable=10, taken=4)
    beds(hospital, 10, 12)
    found = icu(hospital)
    assert (found.free, found.over) == (0, 2), "patients in corridors are to be seen"
    bodies = [e.body for e in Entry.objects.filter(kind="hospitals.beds_reported/1").order_by("seq")]
    assert [(b["taken_before"], b["taken"]) for b in bodies] == [(None, 4), (4, 12)]
    assert refused(lambda: beds(hospital, -1, 0)) == "beds_impossible"
    assert refused(lambda: beds(hospital, 1, 0, "waterbed")) == "bed_kind_unknown"
    assert refused(lambda: beds(uuid.uuid4(), 1, 0)) == "hospital_unknown"


def test_a_transfer_from_asking_to_its_receipt():
    to, source = a_hospital(usable=2, taken=1), a_hospital("县医院")
    transfer = asked(to, source)
    assert (icu(to).held, icu(to).free) == (0, 1)
    actions.accept_transfer(transfer, **act())
    assert (icu(to).held, icu(to).free) == (1, 0)
    actions.send_transfer(transfer, carrier="120 12 号车", **act())
    assert (icu(to).held, icu(to).taken) == (1, 1)
    actions.receive_transfer(transfer, condition="平稳", **act())
    assert (icu(to).held, icu(to).taken, icu(to).free) == (0, 2, 0)
    line = queries.find_transfer(transfer, authority=authority_of("hejing"))
    assert (line.state, line.condition, line.source, line.arrived_at) == ("arrived", "平稳", "县医院", STORM)
    for step in ("accept", "receive", "send"):
        call = getattr(actions, f"{step}_transfer")
        assert refused(lambda call=call: call(transfer, **act())) == "transfer_step_impossible"
    assert (
        refused(lambda: actions.cancel_transfer(transfer, reason="晚了", **act()))
        == "transfer_step_impossible"
    )


def test_no_bed_is_held_twice():
    to = a_hospital(usable=1, taken=0)
    first, second = asked(to), asked(to, patient="伤票 0013")
    actions.accept_transfer(first, **act())
    assert refused(lambda: actions.accept_transfer(second, **act())) == "no_bed_free"
    actions.cancel_transfer(first, reason="病情缓解", **act())
    actions.accept_transfer(second, **act())
    assert icu(to).held == 1


def test_canary_free_beds_that_forget_what_is_held_are_seen(monkeypatch):
    monkeypatch.setattr(hospital_writes, "held", lambda *_: 0)
    with pytest.raises(pytest.fail.Exception):
        test_no_bed_is_held_twice()


def test_a_refusal_says_why_and_who_asks_says_which_patient_and_from_where():
    to = a_hospital()
    transfer = asked(to)
    assert refused(lambda: actions.refuse_transfer(transfer, reason="", **act())) == "hospital_reason_missing"
    actions.refuse_transfer(transfer, reason="无呼吸机", **act())
    assert queries.find_transfer(transfer, authority=authority_of("hejing")).reason == "无呼吸机"
    assert refused(lambda: asked(to, patient=" ")) == "transfer_incomplete"
    assert refused(lambda: asked(to, from_words=" ")) == "transfer_incomplete"
    assert refused(lambda: asked(to, to)) == "transfer_to_itself"
    assert refused(lambda: asked(uuid.uuid4())) == "hospital_unknown"
    assert refused(lambda: actions.accept_transfer(uuid.uuid4(), **act())) == "transfer_unknown"
    one = asked(to, key="k1")
    assert asked(to, key="k1") == one
    assert refused(lambda: asked(to, key="k1", why="别的")) == "transfer_key_reused"


def test_where_nobody_said_how_many_beds_there_are_none_is_held():
    to = a_hospital(kind="burn")
    transfer = asked(to)
    assert refused(lambda: actions.accept_transfer(transfer, **act())) == "beds_unknown"


def a_step(hospital, number=1, **changes) -> uuid.UUID:
    fields = {"kind": "icu", "adds": 3, "within_h": 4.0, "how": "改造外科病区"} | changes
    return actions.plan_surge(NewStep(hospital_id=hospital, number=number, **fields), **act())


def test_a_surge_step_adds_its_beds_and_takes_them_back_when_they_are_empty():
    hospital = a_hospital(usable=2, taken=2)
    step = a_step(hospital)
    assert (icu(hospital).could, icu(hospital).free) == (3, 0)
    actions.start_surge(step, **act())
    assert (icu(hospital).usable, icu(hospital).surged, icu(hospital).could) == (5, 3, 0)
    assert refused(lambda: actions.start_surge(step, **act())) == "surge_step_running"
    assert refused(lambda: a_step(hospital, how="改")) == "surge_step_running"
    beds(hospital, 5, 3)
    assert refused(lambda: actions.end_surge(step, reason="高峰已过", **act())) == "surge_beds_taken"
    beds(hospital, 5, 1)
    actions.end_surge(step, reason="高峰已过", **act())
    assert (icu(hospital).usable, icu(hospital).surged, SurgeStep.objects.get().state) == (2, 0, "ended")
    assert refused(lambda: actions.end_surge(step, reason="再", **act())) == "surge_step_not_running"
    assert refused(lambda: actions.start_surge(uuid.uuid4(), **act())) == "surge_step_unknown"
    assert refused(lambda: a_step(hospital, 2, adds=0)) == "surge_step_incomplete"
    assert refused(lambda: a_step(hospital, 2, how=" ")) == "surge_step_incomplete"
    assert refused(lambda: actions.start_surge(a_step(hospital, 3, kind="burn"), **act())) == "beds_unknown"


def test_totals_by_kind_add_up_and_another_areas_hospital_is_not_seen():
    a_hospital(usable=10, taken=4)
    two = a_hospital("二院", usable=5, taken=5)
    a_step(two)
    a_hospital("洛阳医院", place="410305")
    found = queries.list_hospitals(authority=authority_of("hejing"))
    assert [h.card.name for h in found] == ["二院", "市一院"] or len(found) == 2
    (total,) = queries.list_totals(found)
    assert (total.usable, total.taken, total.free, total.could, total.hospitals) == (15, 9, 6, 3, 2)
