"""Experts asked at an incident, their words kept, set beside a decision of the same incident."""

import uuid
from datetime import timedelta

import pytest
from msgspec.structs import replace

from jingwei.apps.advice import actions, queries
from jingwei.apps.advice.facts import AdviceLinked, AdviceRecorded, Decision, ExpertAsked, NewQuestion
from jingwei.apps.advice.models import Consultation
from jingwei.apps.journal import queries as journal
from jingwei.apps.registers import actions as registers
from jingwei.apps.releases import actions as releases
from tests.apps.needs.acts import act, refused
from tests.builders import STORM, an_incident, authority_of, unseen_once

pytestmark = pytest.mark.django_db
PHONE = {"phone": "13900000150"}
HOUR = timedelta(hours=1)


def an_expert(name: str = "演示专家", place: str = "4101", **given) -> uuid.UUID:
    values = {
        "name": name,
        "place": place,
        "kind": "42A01",
        "specialty": "水工",
        "phone": "13900000150",
    } | given
    return registers.add_row("experts", values, **act(who="zhongyu"))


def asked(incident, expert: uuid.UUID | None = None, **given) -> uuid.UUID:
    fields = {"question": "大坝能否下泄？"} | given
    new = NewQuestion(incident_id=incident.pk, expert_id=expert or an_expert(), **fields)
    return actions.ask_expert(new, **act())


def whole(incident) -> Decision:
    return Decision(kind="incident", id=incident.pk)


def test_an_expert_is_asked_answers_and_the_words_stand_beside_the_decision():
    incident = an_incident()
    found = asked(incident)
    at = STORM + HOUR
    actions.record_advice(found, " 可以，但先撤下游。 ", whole(incident), answered_at=STORM, **act(at))
    (line,) = queries.list_consultations(incident.pk, authority=authority_of("hejing"))
    assert (line.expert, line.specialty, line.state) == ("演示专家", "水工", "answered")
    assert (line.advice, line.answered_at, line.for_kind) == ("可以，但先撤下游。", STORM, "incident")
    kinds = {type(e.fact) for e in journal.list_entries(subjects=[str(found)])}
    assert kinds == {ExpertAsked, AdviceRecorded}
    again = lambda: actions.record_advice(found, "改口", whole(incident), **act(at))  # noqa: E731
    assert refused(again) == "consultation_answered"
    assert Consultation.objects.get().advice == "可以，但先撤下游。"


def test_advice_is_set_beside_a_release_of_the_incident_and_of_no_other():
    incident, other = an_incident(), an_incident(title_zh="另一事件")
    mine = releases.draft_release(incident.pk, **act())
    theirs = releases.draft_release(other.pk, **act())
    found = asked(incident)
    link = lambda kind, of: actions.link_advice(found, Decision(kind=kind, id=of), **act())  # noqa: E731
    assert refused(lambda: link("release", mine)) == "consultation_open"
    actions.record_advice(found, "可以", whole(incident), **act())
    for kind, of in (
        ("release", theirs),
        ("incident", other.pk),
        ("response", uuid.uuid4()),
        ("rumour", mine),
    ):
        assert refused(lambda k=kind, o=of: link(k, o)) == "decision_elsewhere"
    link("release", mine)
    row = Consultation.objects.get()
    assert (row.for_kind, row.for_id, row.advice) == ("release", mine, "可以")
    (entry,) = journal.list_entries(subjects=[str(found)], kinds=[AdviceLinked])
    assert entry.fact.before_kind == "incident"
    shown = {d.kind for d in queries.list_decisions(incident.pk, authority=authority_of("hejing"))}
    assert shown == {"incident", "release"}


def test_canary_without_the_check_advice_would_stand_beside_anothers_decision(monkeypatch):
    incident, other = an_incident(), an_incident(title_zh="另一事件")
    monkeypatch.setattr(actions.queries, "is_of", lambda incident_id, decision: True)
    actions.record_advice(asked(incident), "可以", whole(other), **act())
    assert Consultation.objects.get().for_id == other.pk


def test_what_cannot_be_is_refused_and_nothing_is_kept():
    incident = an_incident()
    assert refused(lambda: asked(incident, question=" ")) == "question_missing"
    assert refused(lambda: asked(incident, uuid.uuid4())) == "expert_unknown"
    assert refused(lambda: asked(incident, an_expert("洛阳专家", "4103"))) == "expert_unknown"
    assert not Consultation.objects.exists()
    found = asked(incident)
    for words, at, code in (
        (" ", None, "advice_words_missing"),
        ("可以", STORM - HOUR, "advice_time_impossible"),
        ("可以", STORM + HOUR, "advice_time_impossible"),
    ):
        do = lambda w=words, a=at: actions.record_advice(  # noqa: E731
            found, w, whole(incident), answered_at=a, **act()
        )
        assert refused(do) == code
    stale = lambda: actions.record_advice(found, "可以", whole(incident), version=9, **act())  # noqa: E731
    assert refused(stale) == "consultation_changed_meanwhile"
    unknown = lambda: actions.record_advice(uuid.uuid4(), "可以", whole(incident), **act())  # noqa: E731
    assert refused(unknown) == "consultation_unknown"
    lost = NewQuestion(incident_id=uuid.uuid4(), expert_id=uuid.uuid4(), question="？")
    assert refused(lambda: actions.ask_expert(lost, **act())) == "incident_unknown"


def test_the_same_question_sent_twice_is_one_and_another_under_its_key_is_refused():
    incident, expert = an_incident(), an_expert()
    one = asked(incident, expert, key="k1")
    assert asked(incident, expert, key="k1") == one
    assert refused(lambda: asked(incident, expert, key="k1", question="别的？")) == "consultation_key_reused"


def test_the_same_question_twice_at_one_moment_is_one(monkeypatch):
    incident, expert = an_incident(), an_expert()
    one = asked(incident, expert, key="k1")
    unseen_once(monkeypatch, actions, "_known")
    assert asked(incident, expert, key="k1") == one


def test_another_area_does_not_see_what_was_asked():
    incident = an_incident()
    found = asked(incident)
    elsewhere = replace(authority_of("hejing"), place="4103")
    assert queries.list_consultations(incident.pk, authority=elsewhere) == []
    assert queries.find_consultation(found, authority=elsewhere) is None
    assert queries.find_consultation(found, authority=authority_of("hejing")) is not None
