"""Situation reports: drafted from the record, written in, sent and received by people."""

import uuid
from collections.abc import Mapping, Sequence

import msgspec
from django.db import transaction
from django.db.models import Q

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said
from jingwei.apps.plans import queries as plans
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import SitrepDrafted, SitrepEdited, SitrepReceived, SitrepSubmitted
from ..models import Obligation, Sitrep
from ..rules import Content, SitrepRefused
from ..rules.drafting import PIECES


@transaction.atomic
def draft_sitrep(
    incident_id: uuid.UUID,
    *,
    stage: str,
    organization: str = "",
    to_organization: str = "",
    by: By,
    moment: Moment,
) -> uuid.UUID:
    """Draft a report from the record, or bring an open draft of the same stage up to the record.

    Without a body: the caller's own, to the body above it. What a person wrote is kept.
    """
    asking = agencies.get_authority(by, at=moment.at)
    organization = organization or asking.organization_code
    place = _place_of(organization)
    authority = agencies.require(by, "sitreps.draft_sitrep", at=moment.at, place=place)
    if stage not in rules.STAGES:
        raise SitrepRefused("stage_impossible", stage=stage)
    if incidents.find_incident(incident_id, authority=authority) is None:
        raise SitrepRefused("sitrep_unknown")
    ends = (organization, to_organization or _above(organization))
    return _draft(incident_id, stage, ends, authority, by=by, moment=moment)


@transaction.atomic
def draft_finals(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Draft the final report of each incident whose response has ended, unless one is there already.

    From the government of the response's place to the body above it. A person writes in it and sends it.
    """
    authority = agencies.require(by, "sitreps.draft_finals", at=moment.at)
    for entry in entries:
        ended = plans.find_activation(uuid.UUID(entry.subject), authority=authority)
        if ended is None or ended.incident_id is None:
            continue
        line = incidents.find_incident(ended.incident_id, authority=authority)
        body = _government_of(ended.place)
        if line is None or not body:
            continue
        incident_id = line.merged_into or line.id
        finals = Sitrep.objects.filter(incident_id=incident_id, organization=body, stage="final")
        if not finals.filter(Q(state="draft") | Q(drafted_at__gte=entry.at)).exists():
            _draft(incident_id, "final", (body, _above(body)), authority, by=by, moment=moment)


def _government_of(place: str) -> str:
    found = agencies.list_organizations(within=place, kind="government")
    return next((one.code for one in found if one.place == place), "")


def _draft(
    incident_id: uuid.UUID,
    stage: str,
    ends: tuple[str, str],
    authority: Authority,
    *,
    by: By,
    moment: Moment,
) -> uuid.UUID:
    organization, to_organization = ends
    mine = Sitrep.objects.select_for_update().filter(incident_id=incident_id, organization=organization)
    row = mine.filter(state="draft", stage=stage, to_organization=to_organization).first()
    if row is None:
        row = Sitrep(
            incident_id=incident_id,
            number=(mine.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
            stage=stage,
            organization=organization,
            to_organization=to_organization,
            place=_place_of(organization),
            to_place=_place_of(to_organization),
            version=0,
            content={},
            drafted_at=moment.at,
            drafted_by=by,
        )
    _from_record(row, authority)
    writes.kept(row, by=by, moment=moment)
    record([(_drafted(row), row)], by=by, moment=moment)
    return row.id


def _from_record(row: Sitrep, authority: Authority) -> None:
    content = writes.draft_content(
        row.incident_id, row.stage, authority=authority, texts=dict(row.content.get("texts", {}))
    )
    row.content = msgspec.to_builtins(content)
    row.to_check = [gap for gap in row.to_check if gap in content.gaps]
    row.version += 1


def _drafted(row: Sitrep) -> SitrepDrafted:
    content = content_of(row)
    filled, entries = rules.find_machine_share(content)
    return SitrepDrafted(
        sitrep_id=str(row.id),
        incident_id=str(row.incident_id),
        stage=row.stage,
        organization=row.organization,
        to_organization=row.to_organization,
        version=row.version,
        machine_share=round(filled / entries, 4),
        gaps=content.gaps,
    )


def content_of(row: Sitrep) -> Content:
    return msgspec.convert(row.content, Content)


def _place_of(organization: str) -> str:
    found = agencies.find_organization(organization)
    return found.place if found else ""


def _above(organization: str) -> str:
    """The body above along the line of territory."""
    links = agencies.list_links(organization)
    return next((up for line, low, up in links if line == "territory" and low == organization), "")


@transaction.atomic
def edit_sitrep(
    sitrep_id: uuid.UUID,
    *,
    texts: Mapping[str, str],
    to_check: Sequence[str],
    version: int,
    by: By,
    moment: Moment,
) -> None:
    """Write a person's pieces into a draft, and mark missing figures as still to be checked 待核."""
    row = writes.locked_sitrep(sitrep_id)
    agencies.require(by, "sitreps.edit_sitrep", at=moment.at, place=row.place)
    rules.check_open(row.state)
    rules.check_version(held=version, current=row.version)
    content = content_of(row)
    given = {p: texts.get(p, content.texts.get(p, "")).strip()[:4000] for p in PIECES}
    changed = tuple(p for p in PIECES if given[p] != content.texts.get(p, ""))
    marked = [gap for gap in content.gaps if gap in to_check]
    row.content = msgspec.to_builtins(msgspec.structs.replace(content, texts=given))
    row.to_check, row.version = marked, row.version + 1
    writes.kept(row, by=by, moment=moment)
    fact = SitrepEdited(sitrep_id=str(row.id), version=row.version, changed=changed, to_check=tuple(marked))
    record([(fact, row)], by=by, moment=moment)


@transaction.atomic
def submit_sitrep(sitrep_id: uuid.UUID, *, version: int, by: By, moment: Moment) -> None:
    """Send the report upward in one's own name; it meets what its body owes the same body."""
    row = writes.locked_sitrep(sitrep_id)
    agencies.require(by, "sitreps.submit_sitrep", at=moment.at, place=row.place)
    rules.check_open(row.state)
    rules.check_version(held=version, current=row.version)
    rules.check_ready(content_of(row).gaps, row.to_check)
    row.state, row.submitted_at, row.submitted_by = "submitted", moment.at, by
    row.save()
    met: list[tuple[Fact, Obligation]] = []
    after: list[tuple[Fact, Obligation]] = []
    for owed in _met_by(row):
        met.append(writes.met(owed, sitrep=row, by=by, moment=moment))
        after += writes.follow_on(owed, moment=moment)
    fact = SitrepSubmitted(
        sitrep_id=str(row.id),
        incident_id=str(row.incident_id),
        stage=row.stage,
        version=row.version,
        organization=row.organization,
        to_organization=row.to_organization,
        met=tuple(str(o.id) for _, o in met),
        to_check=tuple(row.to_check),
    )
    record([(fact, row), *met, *after], by=by, moment=moment)


def _met_by(row: Sitrep) -> list[Obligation]:
    """What this report meets: owed by its body to the same body, in writing, and of its stage or before."""
    stages = rules.STAGES[: rules.STAGES.index(row.stage) + 1]
    return list(
        Obligation.objects.select_for_update()
        .filter(incident_id=row.incident_id, state__in=["open", "late"], stage__in=stages)
        .filter(from_organization=row.organization, to_organization__in=["", row.to_organization])
        .filter(mode__in=rules.MODES_MET_BY_A_SITREP)
        .order_by("due_at", "pk")
    )


@transaction.atomic
def receive_sitrep(sitrep_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    """Say that the body above has the report; its time is stamped."""
    row = writes.locked_sitrep(sitrep_id)
    agencies.require(by, "sitreps.receive_sitrep", at=moment.at, place=row.to_place)
    if row.state != "submitted":
        raise SitrepRefused("sitrep_not_sent")
    row.state, row.received_at, row.received_by = "received", moment.at, by
    row.save()
    fact = SitrepReceived(
        sitrep_id=str(row.id),
        incident_id=str(row.incident_id),
        organization=row.organization,
        to_organization=row.to_organization,
    )
    record([(fact, row)], by=by, moment=moment)
