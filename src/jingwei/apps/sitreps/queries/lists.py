"""Lists of duties to report and of situation reports, as this post may see them."""

import uuid
from datetime import datetime

import msgspec
from django.db.models import Case as SqlCase
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal.queries import count_many

from .. import rules
from ..models import Obligation, Sitrep, SitrepVersion
from ..rules import Content
from ..rules.bodies import RECEIVERS, SENDERS, seat_of

VIEWS = {"open": ("open", "late"), "late": ("late",), "met": ("met",), "all": ("open", "late", "met", "void")}


class ObligationLine(msgspec.Struct, frozen=True):
    """A duty to report as lists show it. `look`: late, soon, immediately, running, ahead, met, void.

    `by_sitrep`: a report drafted here meets it. `from_kind` and `to_kind` name a body
    the roster lacks: government, a department's word, or ''.
    """

    id: uuid.UUID
    incident_id: uuid.UUID
    title_zh: str
    title_en: str
    hazard: str
    rule_id: str
    stage: str
    from_role: str
    from_organization: str
    from_place: str
    from_kind: str
    to_role: str
    to_organization: str
    to_kind: str
    mode: str
    trigger: str
    trigger_at: datetime
    due_at: datetime | None
    grade: int | None
    basis: str
    state: str
    look: str
    arose_at: datetime
    foreseen_at: datetime | None
    foreseen_holding: uuid.UUID | None
    lapsed_at: datetime | None
    met_at: datetime | None
    met_by: uuid.UUID | None
    met_words: str
    sitrep_id: uuid.UUID | None
    release_id: uuid.UUID | None
    by_sitrep: bool
    incident_place: str = ""
    incident_at: datetime | None = None


def _line(row: Obligation, now: datetime) -> ObligationLine:
    look = row.state
    if row.state in ("open", "late"):
        look = rules.state_at(now, since=row.trigger_at, due_at=row.due_at)
    own = {"id", "title_zh", "title_en", "hazard", "look", "by_sitrep", "from_kind", "to_kind"}
    own |= {"incident_place", "incident_at"}
    names = [name for name in ObligationLine.__struct_fields__ if name not in own]
    return ObligationLine(
        id=row.id,
        title_zh=row.incident.title_zh,
        title_en=row.incident.title_en,
        hazard=row.incident.kind,
        incident_place=row.incident.place,
        incident_at=row.incident.opened_at,
        look=look,
        from_kind=seat_of(SENDERS, row.from_role),
        to_kind=seat_of(RECEIVERS, row.to_role),
        by_sitrep=bool(row.from_organization) and row.mode in rules.MODES_MET_BY_A_SITREP,
        **{name: getattr(row, name) for name in names},
    )


def _of_area(rows: QuerySet, authority: Authority) -> QuerySet:
    """Owed by bodies of one's own area: what those above owe is theirs to watch."""
    return rows.filter(from_place__startswith=authority.place)


def _obligations(authority: Authority, view: str, incident_id: uuid.UUID | None) -> QuerySet:
    rows = _of_area(Obligation.objects.filter(state__in=VIEWS[view]), authority)
    return rows.filter(incident_id=incident_id) if incident_id else rows


def list_obligations(
    *,
    authority: Authority,
    now: datetime,
    view: str = "open",
    incident_id: uuid.UUID | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[ObligationLine]:
    """Duties to report: late first, then the soonest due; what was done or fell away last, newest first."""
    if view == "open" and not incident_id and offset + limit <= FEW:
        ids = _soonest(authority, now, most=offset + limit)[offset:]
    else:
        rows = _obligations(authority, view, incident_id)
        late = When(Q(state="late") | Q(state="open", due_at__lt=now), then=Value(0))
        rank = SqlCase(late, When(state="open", then=Value(1)), default=Value(2), output_field=IntegerField())
        rows = rows.annotate(rank=rank, soonest=_SOONEST)
        ordered = rows.order_by("-met_at", "pk") if view == "met" else rows.order_by("rank", "soonest", "pk")
        # numbers first: only those of the page are read with their incidents
        ids = list(ordered.values_list("pk", flat=True)[offset : offset + limit])
    found = Obligation.objects.select_related("incident").in_bulk(ids)
    return [_line(found[one], now) for one in ids if one in found]


#: So many are found one state after the other, each along its index. Source: our estimate, a desk and a half.
FEW = 50
_SOONEST = Coalesce("due_at", "trigger_at")


def _soonest(authority: Authority, now: datetime, *, most: int) -> list[uuid.UUID]:
    """Open duties as `list_obligations` orders them; ten thousand others are not put in order for it."""
    late = _along(authority, most, Q(state="late"))
    over = _along(authority, most, Q(state="open", due_at__lt=now))
    rest = _along(authority, most, Q(state="open") & (Q(due_at__gte=now) | Q(due_at=None)))
    return [pk for _, pk in [*sorted(late + over), *rest]][:most]


def _along(authority: Authority, most: int, which: Q) -> list[tuple[datetime, uuid.UUID]]:
    rows = _of_area(Obligation.objects.filter(which), authority).annotate(soonest=_SOONEST)
    return list(rows.order_by("soonest", "pk").values_list("soonest", "pk")[:most])


def count_by_state(*, authority: Authority) -> dict[str, int]:
    """How many duties of one's area are open and how many late, counted in one go."""
    rows = _obligations(authority, "open", None).values("state").annotate(n=Count("pk"))
    found = count_many(
        lambda: {row["state"]: row["n"] for row in rows.order_by()}, "obligations", authority.place
    )
    return {"open": 0, "late": 0} | found


def count_obligations(
    *, authority: Authority, view: str = "open", incident_id: uuid.UUID | None = None
) -> int:
    return _obligations(authority, view, incident_id).count()


def find_obligation(
    obligation_id: uuid.UUID, *, authority: Authority, now: datetime
) -> ObligationLine | None:
    rows = _of_area(Obligation.objects.filter(pk=obligation_id), authority)
    row = rows.select_related("incident").first()
    return _line(row, now) if row else None


# --- reports ---------------------------------------------------------------------------------------------


class SitrepLine(msgspec.Struct, frozen=True):
    """A situation report as lists and its own page show it."""

    id: uuid.UUID
    incident_id: uuid.UUID
    title_zh: str
    title_en: str
    hazard: str
    number: int
    stage: str
    organization: str
    to_organization: str
    place: str
    to_place: str
    version: int
    state: str
    content: Content
    to_check: tuple[str, ...]
    drafted_at: datetime
    drafted_by: uuid.UUID
    submitted_at: datetime | None
    submitted_by: uuid.UUID | None
    received_at: datetime | None
    received_by: uuid.UUID | None
    discarded_at: datetime | None
    discarded_by: uuid.UUID | None
    discarded_reason: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """Missing figures nobody has marked: they stop the report."""
        return tuple(gap for gap in self.content.gaps if gap not in self.to_check)


def _sitrep(row: Sitrep) -> SitrepLine:
    own = {"title_zh", "title_en", "hazard", "content", "to_check"}
    names = [name for name in SitrepLine.__struct_fields__ if name not in own]
    return SitrepLine(
        title_zh=row.incident.title_zh,
        title_en=row.incident.title_en,
        hazard=row.incident.kind,
        content=msgspec.convert(row.content, Content),
        to_check=tuple(row.to_check),
        **{name: getattr(row, name) for name in names},
    )


def _sitreps(authority: Authority) -> QuerySet:
    """Those of one's area, and those sent to it; a draft stays with those who write it."""
    rows = Sitrep.objects.select_related("incident")
    if not authority.place:
        return rows
    sent_here = Q(to_place__startswith=authority.place) & ~Q(state__in=["draft", "discarded"])
    return rows.filter(Q(place__startswith=authority.place) | sent_here)


def find_sitrep(sitrep_id: uuid.UUID, *, authority: Authority) -> SitrepLine | None:
    row = _sitreps(authority).filter(pk=sitrep_id).first()
    return _sitrep(row) if row else None


def list_sitreps(
    *, authority: Authority, state: str = "", incident_id: uuid.UUID | None = None, limit: int = 50
) -> list[SitrepLine]:
    """Reports, newest first."""
    rows = _sitreps(authority)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(incident_id=incident_id) if incident_id else rows
    return [_sitrep(row) for row in rows.order_by("-drafted_at", "-pk")[:limit]]


def find_previous(line: SitrepLine) -> SitrepLine | None:
    """The report that this body sent before this one."""
    rows = Sitrep.objects.select_related("incident").exclude(state__in=["draft", "discarded"])
    rows = rows.filter(incident_id=line.incident_id, organization=line.organization, number__lt=line.number)
    row = rows.order_by("-number").first()
    return _sitrep(row) if row else None


class Version(msgspec.Struct, frozen=True):
    """One version of a report: when, and by whom."""

    version: int
    at: datetime
    by: uuid.UUID


def list_versions(sitrep_id: uuid.UUID) -> list[Version]:
    """Every version, newest first."""
    rows = SitrepVersion.objects.filter(sitrep_id=sitrep_id).order_by("-version")
    return [Version(version=row.version, at=row.at, by=row.by) for row in rows]
