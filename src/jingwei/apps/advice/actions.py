"""Asking an expert, writing down the answer, setting it beside the decision it was given for."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.resources import queries as resources
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.moments import By, Moment

from . import queries, rules
from .facts import AdviceLinked, AdviceRecorded, Decision, ExpertAsked, NewQuestion
from .models import Consultation
from .rules import AdviceRefused


def _allowed(incident_id: uuid.UUID, right: str, *, by: By, moment: Moment) -> Authority:
    line = incidents.find_line(incident_id)
    if line is None:
        raise AdviceRefused("incident_unknown")
    return agencies.require(by, right, at=moment.at, place=line.place, hazard=line.kind)


def _found(
    consultation_id: uuid.UUID, right: str, *, version: int | None, by: By, moment: Moment
) -> Consultation:
    row = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    if row is None:
        raise AdviceRefused("consultation_unknown")
    _allowed(row.incident_id, right, by=by, moment=moment)
    if version is not None and version != row.version:
        raise AdviceRefused("consultation_changed_meanwhile")
    return row


def _checked(incident_id: uuid.UUID, decision: Decision) -> Decision:
    rules.check_kind(decision.kind)
    if not queries.is_of(incident_id, decision):
        raise AdviceRefused("decision_elsewhere")
    return decision


def _known(key: str, asked: str, *, by: By) -> uuid.UUID | None:
    """What this caller asked under this key before, if it was the same."""
    row = Consultation.objects.filter(by=by, key=key[:100]).first() if key else None
    if row is not None and row.asked != asked:
        raise AdviceRefused("consultation_key_reused")
    return row.pk if row is not None else None


@transaction.atomic
def ask_expert(new: NewQuestion, *, by: By, moment: Moment) -> uuid.UUID:
    """Ask an expert of the register that the post sees. A repeat under its key is known. Returns the id."""
    authority = _allowed(new.incident_id, "advice.ask_expert", by=by, moment=moment)
    asked = plain_digest([new])
    if (known := _known(new.key, asked, by=by)) is not None:
        return known
    question = rules.check_words(new.question, rules.LONGEST_QUESTION, "question_missing")
    expert = resources.find_expert(new.expert_id)
    if expert is None or not agencies.sees(authority, expert.place):
        raise AdviceRefused("expert_unknown")
    row = Consultation(
        incident_id=new.incident_id, expert_id=expert.id, question=question, key=new.key[:100],
        asked=asked, by=by, at=moment.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same at the same moment: it finds what that one wrote
        if (known := _known(new.key, asked, by=by)) is None:
            raise
        return known
    fact = ExpertAsked(
        consultation_id=str(row.pk), incident_id=str(new.incident_id), expert_id=str(expert.id)
    )
    record([(fact, row)], by=by, moment=moment)
    return row.pk


@transaction.atomic
def record_advice(
    consultation_id: uuid.UUID,
    words: str,
    decision: Decision,
    *,
    answered_at: datetime | None = None,
    version: int | None = None,
    by: By,
    moment: Moment,
) -> None:
    """Write down what the expert said, when, and for which decision; once."""
    row = _found(consultation_id, "advice.record_advice", version=version, by=by, moment=moment)
    if row.state != "asked":
        raise AdviceRefused("consultation_answered")
    said = rules.check_words(words, rules.LONGEST_ADVICE, "advice_words_missing")
    until = rules.check_answered(answered_at or moment.at, asked_at=row.at, now=moment.at)
    of = _checked(row.incident_id, decision)
    row.state, row.advice, row.answered_at, row.written_by = "answered", said, until, by
    row.for_kind, row.for_id, row.version = of.kind, of.id, row.version + 1
    row.save()
    fact = AdviceRecorded(
        consultation_id=str(row.pk), incident_id=str(row.incident_id), expert_id=str(row.expert_id),
        answered_at=until, decision_kind=of.kind, decision_id=str(of.id),
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def link_advice(
    consultation_id: uuid.UUID, decision: Decision, *, version: int | None = None, by: By, moment: Moment
) -> None:
    """Set advice beside another decision of the same incident; its words stay."""
    row = _found(consultation_id, "advice.link_advice", version=version, by=by, moment=moment)
    if row.state != "answered":
        raise AdviceRefused("consultation_open")
    of = _checked(row.incident_id, decision)
    before = (row.for_kind, str(row.for_id))
    row.for_kind, row.for_id, row.version = of.kind, of.id, row.version + 1
    row.save(update_fields=["for_kind", "for_id", "version"])
    fact = AdviceLinked(
        consultation_id=str(row.pk), incident_id=str(row.incident_id), decision_kind=of.kind,
        decision_id=str(of.id), before_kind=before[0], before_id=before[1],
    )  # fmt: skip
    record([(fact, row)], by=by, moment=moment)
