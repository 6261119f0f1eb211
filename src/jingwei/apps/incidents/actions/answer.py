"""A person answers what the matcher is not sure of: once, on the record, and it is kept to."""

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.actions import record
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import QuestionAnswered
from ..models import Incident, Membership, Question
from ..rules import IncidentRefused
from .mend import join_report, separate_report
from .regroup import merge_incidents


@transaction.atomic
def answer_question(question_id: int, *, same: bool, reason: str = "", by: By, moment: Moment) -> None:
    """Say whether the report speaks of the incident. The report goes where the answer puts it.

    Yes: it joins; an incident of its own that would be left empty is merged. No: the two stay apart.
    """
    asked = Question.objects.select_for_update().filter(pk=question_id).first()
    if asked is None:
        raise IncidentRefused("question_unknown")
    row = writes.locked(asked.incident_id)
    agencies.require(by, "incidents.answer_question", at=moment.at, place=row.place, hazard=row.kind)
    if asked.same is not None:
        raise IncidentRefused("question_answered")
    rules.check_open(row.state)
    member = Membership.objects.filter(report_id=asked.report_id, left_at=None).first()
    here = member is not None and member.incident_id == row.pk
    touched = {row.pk} | ({member.incident_id} if member is not None else set())
    if same and not here:
        _bring(asked, member, row, reason, by=by, moment=moment)
    elif not same and here:
        separate_report(asked.report_id, reason=reason or _NO, by=by, moment=moment)
    row.refresh_from_db()
    fact = QuestionAnswered(
        incident_id=str(row.pk),
        report_id=str(asked.report_id),
        same=same,
        incident_ids=tuple(sorted(str(pk) for pk in touched)),
    )
    changing = writes.Changing("answered", row)
    if not same:
        changing.part(asked.report_id, row.pk)
    (entry,) = record([(fact, row)], by=by, moment=moment)
    if changing.parted:
        changing.keep(entry, row, reason=reason, by=by, moment=moment)
    asked.same, asked.answered_at, asked.answered_by = same, moment.at, by
    asked.save(update_fields=["same", "answered_at", "answered_by"])


#: What stands as the reason where the person gave none: the question itself says it.
_YES, _NO = "同一事件", "不是同一事件"


def _bring(
    asked: Question, member: Membership | None, row: Incident, reason: str, *, by: By, moment: Moment
) -> None:
    """The report into the incident; with it the incident it stood in alone, so that no empty one is left."""
    source = writes.locked(member.incident_id) if member is not None else None
    if source is None or source.report_count > 1 or source.state != "open":
        join_report(asked.report_id, row.pk, reason=reason or _YES, by=by, moment=moment)
        return
    merge_incidents(
        [source.pk], row.pk, reason=reason or _YES,
        versions={source.pk: source.version, row.pk: row.version}, by=by, moment=moment,
    )  # fmt: skip
