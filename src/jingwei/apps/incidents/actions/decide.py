"""What only a named person does: grade, name, close and reopen an incident."""

import uuid

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import GradeConfirmed, GradeJudged, IncidentClosed, IncidentRenamed, IncidentReopened
from ..models import Incident
from ..rules import IncidentRefused


@transaction.atomic
def confirm_grade(
    incident_id: uuid.UUID, *, grade: int, version: int, reason: str = "", by: By, moment: Moment
) -> None:
    """Confirm the proposed grade, or another with its reason: the incident has this grade from now on."""
    row = _for_decision(incident_id, "incidents.confirm_grade", version, by=by, moment=moment)
    changing = writes.Changing("confirmed", row)
    rules.check_grade(grade=grade, proposed=row.proposed_grade, reason=reason)
    row.confirmed_grade, row.confirmed_reason = grade, reason.strip()[:300]
    row.confirmed_clauses = row.proposed_clauses if grade == row.proposed_grade else []
    row.confirmed_by, row.confirmed_at = by, moment.at
    fact = GradeConfirmed(
        incident_id=str(row.id),
        grade=grade,
        proposed_grade=row.proposed_grade,
        clauses=tuple(row.confirmed_clauses),
        reason=row.confirmed_reason,
    )
    _decided(changing, row, fact, by=by, moment=moment)


@transaction.atomic
def judge_grade(
    incident_id: uuid.UUID, *, grade: int, version: int, reason: str, by: By, moment: Moment
) -> None:
    """Give a preliminary grade before the figures are known; it stands until one is confirmed."""
    row = _for_decision(incident_id, "incidents.judge_grade", version, by=by, moment=moment)
    changing = writes.Changing("judged", row)
    rules.check_grade(grade=grade, proposed=None, reason=reason)
    row.judged_grade, row.judged_reason = grade, reason.strip()[:300]
    row.judged_by, row.judged_at = by, moment.at
    fact = GradeJudged(incident_id=str(row.id), grade=grade, reason=row.judged_reason)
    _decided(changing, row, fact, by=by, moment=moment)


@transaction.atomic
def rename_incident(
    incident_id: uuid.UUID, *, title_zh: str, title_en: str, version: int, by: By, moment: Moment
) -> None:
    """Give the incident the name people use; a missing language keeps its old one."""
    row = _for_decision(incident_id, "incidents.rename_incident", version, by=by, moment=moment)
    changing = writes.Changing("renamed", row)
    if not (title_zh.strip() or title_en.strip()):
        raise IncidentRefused("title_missing")
    row.title_zh = title_zh.strip()[:200] or row.title_zh
    row.title_en = title_en.strip()[:200] or row.title_en
    row.named = True
    fact = IncidentRenamed(incident_id=str(row.id), title_zh=row.title_zh, title_en=row.title_en)
    _decided(changing, row, fact, by=by, moment=moment)


@transaction.atomic
def close_incident(incident_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Hold the incident to be over; later reports open a new one or wait for a person."""
    row = _for_decision(incident_id, "incidents.close_incident", version, by=by, moment=moment)
    changing = writes.Changing("closed", row)
    rules.check_reason(reason)
    if row.state != "open":
        raise IncidentRefused("incident_closed")
    row.state = "closed"
    fact = IncidentClosed(incident_id=str(row.id), reason=reason.strip()[:300])
    _decided(changing, row, fact, by=by, moment=moment)


@transaction.atomic
def reopen_incident(incident_id: uuid.UUID, *, reason: str, version: int, by: By, moment: Moment) -> None:
    """Take back a closing."""
    row = _for_decision(incident_id, "incidents.reopen_incident", version, by=by, moment=moment)
    changing = writes.Changing("reopened", row)
    rules.check_reason(reason)
    if row.state != "closed":
        raise IncidentRefused("incident_open")
    row.state = "open"
    fact = IncidentReopened(incident_id=str(row.id), reason=reason.strip()[:300])
    _decided(changing, row, fact, by=by, moment=moment)


def _for_decision(incident_id: uuid.UUID, right: str, version: int, *, by: By, moment: Moment) -> Incident:
    row = writes.locked(incident_id)
    agencies.require(by, right, at=moment.at, place=row.place, hazard=row.kind)
    if row.state == "merged":
        raise IncidentRefused("incident_merged")
    rules.check_version(held=version, current=row.version)
    return row


def _decided(changing: writes.Changing, row: Incident, fact: Fact, *, by: By, moment: Moment) -> None:
    row.version += 1
    row.save()
    (entry,) = record([(fact, row)], by=by, moment=moment)
    changing.keep(entry, row, reason=getattr(fact, "reason", ""), by=by, moment=moment)
