"""Entering what was done on paper: the same actions as on the screen, at the paper's time."""

from functools import singledispatch

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.actions import record
from jingwei.apps.plans import actions as plans
from jingwei.apps.releases import actions as releases
from jingwei.apps.releases.queries import find_release
from jingwei.apps.reports import actions as reports
from jingwei.apps.sitreps import actions as sitreps
from jingwei.apps.tasks import actions as tasks
from jingwei.kernel.canonical import salted_digest
from jingwei.kernel.moments import By, Moment

from . import rules
from .facts import (
    ActivationSlip,
    CallListPrinted,
    Entered,
    Head,
    OrderSlip,
    ReleaseSlip,
    ReportSlip,
    Slip,
    SlipEntered,
    SlipRepeated,
    SubmissionSlip,
)
from .models import PaperSlip, SlipEntry
from .rules import SlipRefused


@transaction.atomic
def enter_slip(head: Head, slip: Slip, *, by: By, moment: Moment) -> Entered:
    """Enter a form that was filled in by hand: what it says happens at its own time, as decided there.

    The rights are those of who decided, at that time; the clerk `by` needs the right to enter papers.
    A serial that was entered before changes nothing and is noted.
    """
    clerk = agencies.require(by, "papers.enter_slip", at=moment.at)
    serial = rules.normal_serial(head.serial)
    rules.check_form(serial, slip.__struct_config__.tag)  # type: ignore[arg-type]
    rules.check_time(head.taken_at, now=moment.at)
    reason = rules.check_reason(head.reason)
    decider = head.decided_by or by
    decided = agencies.get_authority(decider, at=head.taken_at)
    rules.check_office(own=clerk.organization_code, decider=decided.organization_code)
    row = PaperSlip(
        serial=serial,
        form=rules.form_of(serial),
        taken_at=head.taken_at,
        entered_at=moment.recorded_at,
        entered_by=by,
        decided_by=decider,
        organization=clerk.organization_code,
        reason=reason,
    )
    row.content = _content(head, slip, row)
    # of two who enter the same slip at one instant, the second finds the first's row
    PaperSlip.objects.bulk_create([row], ignore_conflicts=True)
    kept = PaperSlip.objects.select_for_update().get(serial=serial)
    if kept.id != row.id:
        return _known(kept, _content(head, slip, kept), clerk, by=by, moment=moment)
    at = Moment(at=head.taken_at, recorded_at=moment.recorded_at)
    row.subject = _carry_out(slip, row.serial, decider, at)
    row.save(update_fields=["subject"])
    entries = journal.list_ids_of(at)
    SlipEntry.objects.bulk_create(SlipEntry(entry=one, slip=row) for one in entries)
    fact = SlipEntered(
        slip_id=str(row.id),
        serial=serial,
        form=row.form,
        taken_at=row.taken_at,
        decided_by=str(decider),
        subject_id=row.subject,
        reason=reason,
        entries=tuple(str(one) for one in entries),
    )
    record([(fact, row)], by=by, moment=moment)
    return Entered(slip_id=row.id, subject=row.subject)


def _content(head: Head, slip: Slip, row: PaperSlip) -> str:
    """What was entered, so that nobody can read it back, with the salt of the row it is held against."""
    text = msgspec.json.encode([head.taken_at, head.decided_by, slip]).decode()
    return salted_digest({"slip": text}, bytes(row.salt))


def _known(row: PaperSlip, content: str, clerk: agencies.Authority, *, by: By, moment: Moment) -> Entered:
    if row.organization != clerk.organization_code:
        raise SlipRefused("slip_other_office")
    same = row.content == content
    fact = SlipRepeated(slip_id=str(row.id), serial=row.serial, same=same)
    record([(fact, None)], by=by, moment=moment)
    return Entered(slip_id=row.id, subject=row.subject, known=True, same=same)


@singledispatch
def _carry_out(slip: object, serial: str, by: By, moment: Moment) -> str:
    """Do what the slip says, as the action of its app does it. Returns the id of what came of it."""
    raise TypeError(f"not a slip: {type(slip).__name__}")


@_carry_out.register
def _(slip: ReportSlip, serial: str, by: By, moment: Moment) -> str:
    told = msgspec.structs.replace(
        slip.told,
        key=serial,
        occurred_at=slip.told.occurred_at or moment.at,
        flags=tuple(sorted({*slip.told.flags, "from_paper"})),
    )
    (answer,) = reports.receive_reports([told], by=by, moment=moment)
    return str(answer.id)


@_carry_out.register
def _(slip: ActivationSlip, serial: str, by: By, moment: Moment) -> str:
    return str(plans.activate_plan(slip.plan_id, slip.order, version=slip.version, by=by, moment=moment))


@_carry_out.register
def _(slip: OrderSlip, serial: str, by: By, moment: Moment) -> str:
    issued = tasks.issue_tasks(slip.drafts, by=by, moment=moment)
    if not issued:
        raise SlipRefused("slip_empty")
    return str(issued[0])


@_carry_out.register
def _(slip: SubmissionSlip, serial: str, by: By, moment: Moment) -> str:
    sitreps.meet_obligation(slip.obligation_id, words=f"{serial} {slip.words}", by=by, moment=moment)
    return str(slip.obligation_id)


@_carry_out.register
def _(slip: ReleaseSlip, serial: str, by: By, moment: Moment) -> str:
    """Four steps, two people, as on the screen: a paper needs its second person too."""
    written = releases.Written(
        title_zh=slip.title_zh,
        title_en=slip.title_en,
        text_zh=slip.text_zh,
        text_en=slip.text_en,
        valid_until=slip.valid_until,
    )
    one = releases.draft_release(slip.incident_id, by=slip.written_by, moment=moment)
    office = agencies.get_authority(by, at=moment.at)
    writer = agencies.get_authority(slip.written_by, at=moment.at)
    rules.check_office(own=office.organization_code, decider=writer.organization_code)

    def version() -> int:
        found = find_release(one, authority=office)
        if found is None:
            raise SlipRefused("incident_unknown")
        return found.version

    releases.edit_release(one, written, ready=True, version=version(), by=slip.written_by, moment=moment)
    releases.approve_release(one, version=version(), by=by, moment=moment)
    releases.publish_release(one, version=version(), by=by, moment=moment)
    return str(one)


@transaction.atomic
def print_call_list(*, by: By, moment: Moment) -> list[agencies.Called]:
    """Posts and telephone numbers of the own office and those directly below it, for a sheet of paper.

    Numbers are personal: that they were printed is written down.
    """
    authority = agencies.require(by, "papers.print_call_list", at=moment.at)
    called = agencies.list_called(authority, at=moment.at)
    fact = CallListPrinted(
        organization=authority.organization_code, people=sum(1 for one in called if one.phone)
    )
    record([(fact, None)], by=by, moment=moment)
    return called
