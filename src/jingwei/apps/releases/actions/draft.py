"""The machine drafts: from the record of an incident, and from the notices of a plan in force."""

import uuid
from collections.abc import Sequence

import msgspec
from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.facts import GradeConfirmed
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said, get_node
from jingwei.apps.plans import queries as plans
from jingwei.apps.plans.queries import ActivationLine, NoticeRow
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import ReleaseDrafted
from ..models import Edition, Release
from ..queries import get_record
from ..rules import ReleaseRefused


@transaction.atomic
def draft_releases(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Draft a release for each incident whose grade was confirmed and that has none yet."""
    authority = agencies.require(by, "releases.draft_releases", at=moment.at)
    for entry in entries:
        if not isinstance(entry.fact, GradeConfirmed):
            continue
        incident_id = uuid.UUID(entry.fact.incident_id)
        if not Release.objects.filter(incident_id=incident_id, notice=None).exists():
            _draft(incident_id, authority, by=by, moment=moment)


@transaction.atomic
def draft_release(incident_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """Draft a release from what the record holds about the incident now. Returns its id."""
    asked = agencies.find_authority(by, at=moment.at)
    # where the incident lies is asked without regard to who asks; the right then decides
    everywhere = msgspec.structs.replace(asked, place="") if asked else None
    line = incidents.find_incident(incident_id, authority=everywhere) if everywhere else None
    place, hazard = (line.place, line.kind) if line else (None, None)
    authority = agencies.require(by, "releases.draft_release", at=moment.at, place=place, hazard=hazard)
    if line is None:
        raise ReleaseRefused("incident_unknown")
    return _draft(incident_id, authority, by=by, moment=moment)


def _draft(incident_id: uuid.UUID, authority: Authority, *, by: By, moment: Moment) -> uuid.UUID:
    # the right to draft was asked; the record is then read whole
    everywhere = msgspec.structs.replace(authority, place="")
    line = incidents.find_incident(incident_id, authority=everywhere)
    if line is None:
        raise ReleaseRefused("incident_unknown")
    made = rules.draft(get_record(incident_id, authority=everywhere, at=moment.at))
    row = Release(home=get_node(), incident_id=incident_id, kind=line.kind, place=line.place)
    edition = Edition(
        release=row,
        number=1,
        title_zh=made.title.zh[:200],
        title_en=made.title.en[:200],
        text_zh=writes.clean(made.text.zh),
        text_en=writes.clean(made.text.en),
        valid_until=moment.at + rules.VALID_FOR,
        gaps=list(made.gaps),
        drafted_at=moment.at,
        drafted_by=by,
    )
    row.save(force_insert=True)
    edition.save(force_insert=True)
    fact = ReleaseDrafted(release_id=str(row.id), incident_id=str(incident_id), edition=1, gaps=made.gaps)
    record([(fact, [row, edition])], by=by, moment=moment)
    return row.id


@transaction.atomic
def draft_notices(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Draft as releases the texts that the plan prepared for a step of a response, each once.

    A person edits them, a second person approves; gaps of the plan stand in the text as gaps to fill.
    """
    authority = agencies.require(by, "releases.draft_notices", at=moment.at)
    for one in dict.fromkeys(entry.subject for entry in entries):
        line = plans.find_activation(uuid.UUID(one), authority=authority)
        notices = plans.list_notices(line.id) if line else []
        there = set(
            Release.objects.filter(notice__in=[n.id for n in notices]).values_list("notice", flat=True)
        )
        for notice in sorted(notices, key=lambda n: n.id):
            if line is not None and notice.id not in there:
                _draft_notice(notice, line, by=by, moment=moment)


def _draft_notice(notice: NoticeRow, line: ActivationLine, *, by: By, moment: Moment) -> None:
    names = ("title_zh", "title_en", "text_zh", "text_en")
    told = {n: writes.clean(rules.fill_in(getattr(notice, n), n[-2:])) for n in names}
    row = Release(
        home=get_node(),
        incident_id=line.incident_id,
        activation=line.id,
        notice=notice.id,
        kind=plans.get_body(line.plan_id).hazards[0],
        place=line.place,
    )
    edition = Edition(
        release=row,
        number=1,
        **told,
        valid_until=moment.at + rules.VALID_FOR,
        gaps=list(notice.gaps),
        drafted_at=moment.at,
        drafted_by=by,
    )
    row.save(force_insert=True)
    edition.save(force_insert=True)
    fact = ReleaseDrafted(
        release_id=str(row.id),
        incident_id=str(row.incident_id or ""),
        edition=1,
        gaps=notice.gaps,
        activation_id=str(line.id),
        notice=notice.notice,
    )
    record([(fact, [row, edition])], by=by, moment=moment)
