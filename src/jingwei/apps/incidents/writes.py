"""Steps that several actions share: opening an incident, letting a report join or leave it."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal.queries import get_node
from jingwei.apps.places import queries as places
from jingwei.apps.places.queries import Around
from jingwei.apps.reports.queries import ReportLine
from jingwei.engines.fusion import Link, Seen, is_regional
from jingwei.kernel.moments import By, Moment

from . import rules
from .models import Apart, Change, Incident, Membership, Unplaced
from .queries.seen import find_place_of_point
from .rules import IncidentRefused


def locked(incident_id: uuid.UUID) -> Incident:
    """The incident, locked for this transaction, so that its facts are in order."""
    row = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None:
        raise IncidentRefused("incident_unknown")
    return row


def locked_all(ids: Collection[uuid.UUID]) -> list[Incident]:
    """These incidents, locked in one order for everybody."""
    rows = list(Incident.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(rows) < len(set(ids)):
        raise IncidentRefused("incident_unknown")
    return rows


def new_incident(report: ReportLine, *, kind: str = "", place: str = "") -> Incident:
    """An incident as this report has it; its title is made of place and kind until a person names it."""
    kind, place = kind or report.kind, place or report.place
    lon, lat, exact_site = report.lon, report.lat, report.site
    if lon is None:
        point = places.point_of(exact_site or place)
        lon, lat = (point.lon, point.lat) if point else (None, None)
    title_zh, title_en = made_title(kind, place, exact_site)
    return Incident(
        home=get_node(),
        kind=kind,
        place=place,
        site=exact_site,
        lon=lon,
        lat=lat,
        title_zh=title_zh,
        title_en=title_en,
        event_ref=report.event_ref,
        opened_at=report.occurred_at,
        precision=report.precision,
        last_at=report.occurred_at,
    )


def made_title(kind: str, place: str, site: str) -> tuple[str, str]:
    found = hazards.find_kind(kind)
    kind_zh, kind_en = (found.name_zh, found.name_en) if found else (kind, kind)
    where_zh, where_en = places.name_of(site or place, "zh"), places.name_of(site or place, "en")
    return f"{where_zh} {kind_zh}"[:200], f"{kind_en}, {where_en}"[:200]


#: What `join` changes of an incident.
JOINED = ("report_count", "last_at", "opened_at", "precision", "place", "event_ref")


def why_not_open(report: ReportLine, seen: Seen) -> tuple[str, Around | None]:
    """'' when a report may open an incident by itself, else why not; and where its point lies, if only that
    says where it is.
    """
    named = bool(seen.place or seen.site)
    reason = rules.may_open(type=report.type, kind_known=bool(seen.kind), has_place=named, flags=report.flags)
    around = find_place_of_point(report) if reason == "place_unknown" else None
    return ("", around) if around else (reason, None)


def join(
    incident: Incident, report: ReportLine, link: Link | None, *, around: Around | None = None, by: By,
    moment: Moment,
) -> Membership:  # fmt: skip
    """Let the report belong to the incident and carry on its times, area and count. Saves neither.

    `around`: where its point lies, when the incident was opened there.
    """
    member = Membership(
        report_id=report.id,
        incident=incident,
        joined_at=moment.at,
        joined_by=by,
        score=link.score if link else None,
        threshold=link.threshold if link else None,
        why=_why(link, around),
        next_best=_next_best(link),
    )
    incident.report_count += 1
    incident.last_at = max(incident.last_at, report.occurred_at)
    if report.occurred_at < incident.opened_at:
        incident.opened_at, incident.precision = report.occurred_at, report.precision
    if is_regional(incident.kind) and report.place:
        incident.place = rules.common_place(incident.place, report.place) or incident.place
    incident.event_ref = incident.event_ref or report.event_ref
    return member


def _why(link: Link | None, around: Around | None) -> list[dict[str, object]]:
    if link is not None:
        return [{"name": p.name, "value": p.value, "detail": p.detail} for p in link.parts]
    if around is None:
        return []
    return [{"name": "point", "value": 1.0, "detail": {"place": around.code, "by": around.by}}]


def _next_best(link: Link | None) -> Mapping[str, object]:
    if link is None or not link.next_best_id:
        return {}
    return {"id": link.next_best_id, "score": link.next_best_score}


def placed(report_id: uuid.UUID) -> str:
    """The report no longer waits for a person. Returns why it did, '' if it did not."""
    waiting = Unplaced.objects.filter(report_id=report_id)
    reason = waiting.values_list("reason", flat=True).first() or ""
    waiting.delete()
    return reason


def wait_for_person(report_id: uuid.UUID, reason: str, *, moment: Moment) -> None:
    """Put the report on the list of those that wait for a person."""
    Unplaced.objects.get_or_create(report_id=report_id, defaults={"reason": reason, "since_at": moment.at})


#: What a person decides of an incident: undone only while it stands as the act left it.
DECIDED = (
    "state", "merged_into_id", "title_zh", "title_en", "named", "judged_grade", "judged_reason",
    "judged_by", "judged_at", "confirmed_grade", "confirmed_clauses", "confirmed_reason", "confirmed_by",
    "confirmed_at",
)  # fmt: skip
#: What reports bring along; undone when nothing newer changed it.
CARRIED = ("opened_at", "precision", "last_at", "place", "event_ref")


def standing(row: Incident) -> dict[str, object]:
    """The fields an act can change, as plain JSON values."""
    return {name: _plain(getattr(row, name)) for name in (*DECIDED, *CARRIED)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, uuid.UUID) else list(value) if isinstance(value, tuple) else value


def put_back(row: Incident, name: str, value: object) -> None:
    """Set a field from the plain value kept of it."""
    field = Incident._meta.get_field(name.removesuffix("_id"))
    setattr(row, name, field.to_python(value))  # type: ignore[union-attr]


class Changing:
    """One act while it is done: what stood before, what it moves and parts; `keep` makes it undoable."""

    def __init__(self, what: str, *rows: Incident) -> None:
        self.what = what
        self.rows: dict[uuid.UUID, Incident] = {}
        self.before: dict[uuid.UUID, dict[str, object]] = {}
        self.moves: list[dict[str, str]] = []
        self.parted: list[tuple[str, str]] = []
        self.unparted: list[tuple[str, str]] = []
        for row in rows:
            self.touch(row)

    def touch(self, row: Incident, *, out_of: Incident | None = None) -> None:
        """Note the row as it stands; one opened by this act counts as merged into `out_of` before."""
        self.rows[row.pk] = row
        self.before[row.pk] = standing(row)
        if out_of is not None:
            self.before[row.pk] |= {"state": "merged", "merged_into_id": str(out_of.pk)}

    def move(
        self, report_id: uuid.UUID, source: Incident | None, target: Incident | None, *, waits: str = ""
    ) -> None:
        one = {"report": str(report_id), "waits": waits}
        self.moves.append(
            one | {"from": str(source.pk) if source else "", "to": str(target.pk) if target else ""}
        )

    def part(self, report_id: uuid.UUID, incident_id: uuid.UUID) -> None:
        """The machine does not join the two again."""
        _, fresh = Apart.objects.get_or_create(report_id=report_id, incident_id=incident_id)
        if fresh:
            self.parted.append((str(report_id), str(incident_id)))

    def unpart(self, report_ids: Iterable[uuid.UUID], incident_id: uuid.UUID) -> None:
        rows = Apart.objects.filter(report_id__in=list(report_ids), incident_id=incident_id)
        self.unparted += [(str(r), str(incident_id)) for r in rows.values_list("report_id", flat=True)]
        rows.delete()

    def keep(
        self, entry_id: uuid.UUID, main: Incident, *, reason: str = "", by: By, moment: Moment
    ) -> Change:
        """Keep what was changed under the entry that says so."""
        fields = {}
        for pk, row in self.rows.items():
            after = standing(row)
            fields[str(pk)] = {
                n: [self.before[pk][n], after[n]] for n in after if self.before[pk][n] != after[n]
            }
        change = Change.objects.create(
            entry_id=entry_id,
            what=self.what,
            incident=main,
            by=by,
            at=moment.at,
            reason=reason.strip()[:300],
            moves=self.moves,
            parted=self.parted,
            unparted=self.unparted,
            fields={pk: changed for pk, changed in fields.items() if changed},
        )
        change.touched.set(self.rows.values())
        return change


def leave(member: Membership, *, by: By, moment: Moment) -> None:
    """The report leaves the incident; the membership is kept with its end."""
    member.left_at, member.left_by = moment.at, by
    member.save(update_fields=["left_at", "left_by"])


def recount(row: Incident) -> None:
    """As many reports as stand in it."""
    row.report_count = Membership.objects.filter(incident=row, left_at=None).count()
