"""Reads of consultations: those of an incident, one, and the decisions advice can be set beside."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import QuerySet

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.plans import queries as plans
from jingwei.apps.releases import queries as releases

from .facts import Decision
from .models import Consultation

#: Consultations of an incident that its page shows. Source: our estimate, 2026-11-30.
MOST = 200


class ConsultationLine(msgspec.Struct, frozen=True):
    """A consultation as its page shows it. The expert's name is public, the telephone is not here."""

    id: uuid.UUID
    incident_id: uuid.UUID
    expert_id: uuid.UUID
    expert: str
    specialty: str
    employer: str
    question: str
    state: str
    advice: str
    answered_at: datetime | None
    written_by: uuid.UUID | None
    for_kind: str
    for_id: uuid.UUID | None
    version: int
    by: uuid.UUID
    at: datetime


class DecisionLine(msgspec.Struct, frozen=True):
    """A decision of an incident that advice may be set beside: what it is, in both languages."""

    kind: str
    id: uuid.UUID
    zh: str
    en: str


def list_consultations(incident_id: uuid.UUID, *, authority: Authority) -> list[ConsultationLine]:
    """What experts were asked at an incident that the post sees, the newest first."""
    if incidents.find_incident(incident_id, authority=authority) is None:
        return []
    return _lines(Consultation.objects.filter(incident_id=incident_id).order_by("-at", "-pk")[:MOST])


def find_consultation(consultation_id: uuid.UUID, *, authority: Authority) -> ConsultationLine | None:
    found = _lines(Consultation.objects.filter(pk=consultation_id))
    if not found or incidents.find_incident(found[0].incident_id, authority=authority) is None:
        return None
    return found[0]


def list_decisions(incident_id: uuid.UUID, *, authority: Authority) -> list[DecisionLine]:
    """The incident as a whole, its responses under plans, its releases; of those that the post sees."""
    found = [DecisionLine("incident", incident_id, "", "")]
    for one in plans.list_activations(authority=authority, state="", incident_id=incident_id):
        found.append(DecisionLine("response", one.id, one.plan_zh, one.plan_en))
    for release in releases.list_releases_of(incident_id, authority=authority):
        found.append(DecisionLine("release", release.id, release.edition.title_zh, release.edition.title_en))
    return found


def is_of(incident_id: uuid.UUID, decision: Decision) -> bool:
    """Whether the decision is one of the incident, for an action that asks for its right itself."""
    if decision.kind == "incident":
        return decision.id == incident_id
    if decision.kind == "release":
        return releases.find_incident_of(decision.id) == incident_id
    return plans.find_incident_of(decision.id) == incident_id


def _lines(rows: QuerySet) -> list[ConsultationLine]:
    return [
        ConsultationLine(
            **{
                name: getattr(row, name)
                for name in ConsultationLine.__struct_fields__
                if name not in ("expert", "specialty", "employer")
            },
            expert=row.expert.name,
            specialty=row.expert.specialty,
            employer=row.expert.employer,
        )
        for row in rows.select_related("expert")
    ]
