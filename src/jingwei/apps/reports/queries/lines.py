"""Reads of what was told. Callers are masked; what one sees follows from one's post."""

import json
import re
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

import msgspec
from django.db import connection
from django.db.models import BooleanField, Count, Q, QuerySet, UUIDField
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import count_many

from .. import rules
from ..models import COUNTED_FLAGS, Report, ReportedFigure, flagged
from ..rules import Announced

#: Flags that ask for a person: the report cannot find its way by itself.
NEEDS_A_PERSON = ("place_missing", "place_unknown", "kind_missing", "kind_unknown", "key_reused")


class Figure(msgspec.Struct, frozen=True):
    """One figure as one report told it."""

    report_id: uuid.UUID
    measure: str
    area: str
    value: float
    unit: str
    words: str
    as_of_at: datetime
    precision: str
    received_at: datetime
    source: str
    evidence: str
    organization: str


class ReportLine(msgspec.Struct, frozen=True):
    """A report as lists and rooms show it: words as told, caller masked."""

    id: uuid.UUID
    type: str
    channel: str
    state: str
    words: str
    title: str
    lang: str
    occurred_at: datetime
    precision: str
    received_at: datetime
    recorded_at: datetime
    kind: str
    place: str
    place_words: str
    site: str
    lon: float | None
    lat: float | None
    datum: str
    organization: str
    source: str
    evidence: str
    event_ref: str
    level: int | None
    from_level: int | None
    number: int | None
    rescue: bool
    flags: tuple[str, ...]
    raw: str
    caller: str
    figures: tuple[Figure, ...]
    transcribed_as: uuid.UUID | None = None

    def has(self, flag: str) -> bool:
        return flag in self.flags


def _visible(rows: QuerySet, authority: Authority) -> QuerySet:
    """What this post may see: its own area, what covers it, and reports without a usable place."""
    if not authority.place:
        return rows
    over = [authority.place[:n] for n in (2, 4, 6, 9) if n < len(authority.place)]
    return rows.filter(Q(place__startswith=authority.place) | Q(place__in=["", *over]))


def visible_reports(authority: Authority) -> QuerySet:
    """What this post may see, for another app's query to join."""
    return _visible(Report.objects.all(), authority)


def _readable(rows: QuerySet) -> QuerySet:
    # nearly all are accepted: asked for by that word, a database goes through its index of states
    return rows.exclude(state="quarantined")


def _figure(row: ReportedFigure, report: Report) -> Figure:
    return Figure(
        report_id=report.id,
        measure=row.measure,
        area=row.area,
        value=row.value,
        unit=row.unit,
        words=row.words,
        as_of_at=report.occurred_at,
        precision=report.precision,
        received_at=report.received_at,
        source=report.source,
        evidence=report.evidence,
        organization=report.organization,
    )


def _masked(report: Report) -> str:
    caller = getattr(report, "caller", None)
    if caller is None:
        return ""
    return " ".join(t for t in (rules.mask_name(caller.name), rules.mask_phone(caller.phone)) if t)


def _line(report: Report, figures: Sequence[ReportedFigure]) -> ReportLine:
    return ReportLine(
        id=report.id,
        type=report.type,
        channel=report.channel,
        state=report.state,
        words=report.words,
        title=report.title,
        lang=report.lang,
        occurred_at=report.occurred_at,
        precision=report.precision,
        received_at=report.received_at,
        recorded_at=report.recorded_at,
        kind=report.kind,
        place=report.place,
        place_words=report.place_words,
        site=report.site,
        lon=report.lon,
        lat=report.lat,
        datum=report.datum,
        organization=report.organization,
        source=report.source,
        evidence=report.evidence,
        event_ref=report.event_ref,
        level=report.level,
        from_level=report.from_level,
        number=report.number,
        rescue=report.rescue,
        flags=tuple(report.flags),
        raw=report.raw,
        caller=_masked(report),
        figures=tuple(_figure(one, report) for one in figures),
        transcribed_as=report.transcribed_as_id,
    )


def _lines(rows: QuerySet) -> list[ReportLine]:
    """The reports in their order, each whole; their figures are asked for once for all.

    Beside `prefetch_related`, which makes a query for each report to hold what it found.
    """
    reports = list(rows.select_related("caller"))
    figures: dict[uuid.UUID, list[ReportedFigure]] = {one.id: [] for one in reports}
    told = ReportedFigure.objects.filter(report_id__in=figures).order_by("id")  # as told
    for one in told if reports else ():
        figures[one.report_id].append(one)
    return [_line(one, figures[one.id]) for one in reports]


def find_report(report_id: uuid.UUID, *, authority: Authority) -> ReportLine | None:
    return next(iter(_lines(_visible(Report.objects.filter(pk=report_id), authority))), None)


def list_reports_by_id(ids: Sequence[uuid.UUID]) -> list[ReportLine]:
    """The reports with these ids, for an app that has checked what the caller may see."""
    found = {line.id: line for line in _lines(Report.objects.filter(pk__in=list(ids)))}
    return [found[i] for i in ids if i in found]


class Words(msgspec.Struct, frozen=True):
    """A report as one who reads its words needs it, and no more."""

    id: uuid.UUID
    type: str
    words: str
    place: str
    site: str
    flags: tuple[str, ...]


def list_words_by_id(ids: Sequence[uuid.UUID]) -> list[Words]:
    """The words of these reports, in the order asked for: one query, without callers and figures."""
    rows = Report.objects.filter(pk__in=list(ids)).values_list(
        "pk", "type", "words", "place", "site", "flags"
    )
    found = {row[0]: Words(*row[:5], tuple(row[5])) for row in rows}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of reports is narrowed to; an empty field narrows nothing."""

    search: str = ""
    channel: str = ""
    type: str = ""
    flag: str = ""
    state: str = ""
    place: str = ""


ALL = Sought()


def list_reports(
    sought: Sought = ALL, *, authority: Authority, offset: int = 0, limit: int = 50
) -> list[ReportLine]:
    """Reports, newest first."""
    # numbers first, from the index alone: what comes before the page is not read
    rows = _filtered(authority, sought).order_by("-received_at", "-id")
    return list_reports_by_id(list(rows.values_list("pk", flat=True)[offset : offset + limit]))


def count_reports(sought: Sought = ALL, *, authority: Authority) -> int:
    rows = _filtered(authority, sought)
    return count_many(rows.count, "reports", authority.place) if sought == ALL else rows.count()


def count_flags(flags: Sequence[str], *, authority: Authority) -> dict[str, int]:
    """How many reports carry each of these flags, all counted in one go."""
    rows = _visible(Report.objects.all(), authority)
    if set(flags) <= set(COUNTED_FLAGS):
        rows = rows.filter(_as_indexed(reduce(or_, map(flagged, COUNTED_FLAGS))))
    asked = {flag: Count("pk", filter=flagged(flag)) for flag in flags}
    return count_many(lambda: rows.aggregate(**asked), "flags", authority.place, *flags)


def _as_indexed(condition: Q) -> RawSQL:
    """The condition with its values written out: in no other form does SQLite know it as that of an index."""
    query = Query(Report, alias_cols=False)
    sql, params = query.build_where(condition).as_sql(query.get_compiler(connection=connection), connection)
    quote = connection.SchemaEditorClass(connection).quote_value
    written = (sql % tuple(quote(one) for one in params)).replace("%", "%%")
    return RawSQL(written, (), output_field=BooleanField())  # noqa: S611 - of our own flags, quoted


class Head(msgspec.Struct, frozen=True):
    """What of a report decides whether it is read whole: several of one incident stand behind the newest."""

    id: uuid.UUID
    channel: str
    rescue: bool


def list_newest(*, authority: Authority, limit: int) -> list[Head]:
    """The newest reports that can be read."""
    rows = _readable(_visible(Report.objects.all(), authority)).order_by("-received_at", "-id")
    return [Head(*row) for row in rows.values_list("pk", "channel", "rescue")[:limit]]


#: How many reports one search looks through, newest first; it says so, and goes on behind them when asked.
#: Source: our estimate, a day of a province's storm, read through in 30 ms on two cores, 2026-11-29.
LOOKED_THROUGH = 20_000


class Found(msgspec.Struct, frozen=True):
    """What a search found, newest first. `back_to`: how far back it looked; None when it looked at all.

    `behind`: the report behind which a further search goes on.
    """

    lines: list[ReportLine]
    back_to: datetime | None
    behind: uuid.UUID | None


def search_reports(
    sought: Sought, *, authority: Authority, behind: uuid.UUID | None = None, limit: int = 50
) -> Found:
    """Search the newest reports, or those behind one: no word finds its reports without reading them all."""
    rows = _behind(_visible(Report.objects.all(), authority).order_by("-received_at", "-id"), behind)
    numbered = _list_numbered(sought, authority, limit) if behind is None else []
    edge = list(rows.values_list("received_at", "pk")[LOOKED_THROUGH - 1 : LOOKED_THROUGH + 1])
    if len(edge) == 2:
        at, last = edge[0]
        rows = rows.filter(received_at__gte=at).exclude(received_at=at, pk__lt=last)
    hits = _narrowed(rows, sought).exclude(pk__in=numbered).values_list("received_at", "pk")
    found = list(hits[: limit + 1])
    if len(found) > limit:
        back_to, on = found[limit - 1]
    else:
        back_to, on = edge[0] if len(edge) == 2 else (None, None)
    ids = [*numbered, *(pk for _, pk in found[:limit])]
    return Found(lines=list_reports_by_id(ids), back_to=back_to, behind=on)


def _behind(rows: QuerySet, behind: uuid.UUID | None) -> QuerySet:
    last = rows.filter(pk=behind).values_list("received_at", "pk").first() if behind else None
    if last is None:
        return rows
    return rows.filter(received_at__lte=last[0]).exclude(received_at=last[0], pk__gte=last[1])


def _list_numbered(sought: Sought, authority: Authority, limit: int) -> list[uuid.UUID]:
    """Reports whose number 编号 was typed, however old."""
    number = _number_in(sought.search)
    if not number:
        return []
    rows = _narrowed(_visible(Report.objects.all(), authority), msgspec.structs.replace(sought, search=""))
    return list(rows.filter(id__iendswith=number).values_list("pk", flat=True)[:limit])


def _number_in(text: str) -> str:
    number = re.sub(r"[\s-]", "", text)
    return number if re.fullmatch(r"[0-9A-Fa-f]{8}", number) else ""


def _filtered(authority: Authority, sought: Sought) -> QuerySet:
    return _narrowed(_visible(Report.objects.all(), authority), sought)


def _narrowed(rows: QuerySet, sought: Sought) -> QuerySet:
    if sought.search:
        words = Q(words__icontains=sought.search) | Q(title__icontains=sought.search)
        if number := _number_in(sought.search):
            words |= Q(id__iendswith=number)
        rows = rows.filter(words | Q(place_words__icontains=sought.search))
    if sought.flag:
        rows = rows.filter(_as_indexed(flagged(sought.flag)))
    if sought.place:
        rows = rows.filter(place__startswith=sought.place)
    if sought.state == "accepted":
        rows = _readable(rows)
    names = ("channel", "type") if sought.state == "accepted" else ("channel", "type", "state")
    exact = {n: getattr(sought, n) for n in names if getattr(sought, n)}
    return rows.filter(**exact)


def list_quarantined(*, authority: Authority, offset: int = 0, limit: int = 50) -> list[ReportLine]:
    """Reports nobody could read yet, newest first."""
    rows = _visible(Report.objects.filter(state="quarantined", transcribed_as=None), authority)
    return _lines(rows.order_by("-received_at", "-id")[offset : offset + limit])


def count_quarantined(*, authority: Authority) -> int:
    rows = _visible(Report.objects.filter(state="quarantined", transcribed_as=None), authority)
    return count_many(rows.count, "quarantined", authority.place)


def list_announcements(
    *,
    type: str = "",
    place: str = "",
    organization: str = "",
    ids: Sequence[uuid.UUID] | QuerySet | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[list[Announced]]:
    """Warnings and response levels as announced, oldest first; conflicting sources stand together."""
    rows = _readable(Report.objects.filter(level__isnull=False))
    rows = rows.filter(type=type) if type else rows.filter(type__in=["warning", "response"])
    if place:
        over = [place[:n] for n in (2, 4, 6, 9) if n < len(place)]
        rows = rows.filter(Q(place__startswith=place) | Q(place__in=over))
    if organization:
        rows = rows.filter(organization=organization)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if since is not None:
        rows = rows.filter(occurred_at__gte=since)
    if until is not None:
        rows = rows.filter(occurred_at__lte=until)
    own = {"report_id": "pk", "at": "occurred_at"}
    names = [own.get(name, name) for name in Announced.__struct_fields__]
    told = rows.order_by("occurred_at", "id").values_list(*names)
    return rules.group_announcements([Announced(str(pk), *rest) for pk, *rest in told])


def list_figures(*, ids: Sequence[uuid.UUID] | QuerySet | None = None) -> list[Figure]:
    """Figures as told, in order of the time they speak of; of the reports given, or all."""
    rows = ReportedFigure.objects.exclude(report__state="quarantined")
    if ids is not None:
        rows = rows.filter(report_id__in=ids)
    of_report = ("precision", "received_at", "source", "evidence", "organization")
    own = {"as_of_at": "report__occurred_at"} | {name: f"report__{name}" for name in of_report}
    names = [own.get(name, name) for name in Figure.__struct_fields__]
    ordered = rows.order_by("report__occurred_at", "report__received_at", "pk")
    return [Figure(*row) for row in ordered.values_list(*names)]


def list_with_figures(ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these reports tell any figure."""
    rows = ReportedFigure.objects.filter(report_id__in=list(ids))
    return set(rows.values_list("report_id", flat=True))


def select_with_figures() -> QuerySet:
    """The ids of all reports that tell any figure, as part of another question."""
    return ReportedFigure.objects.values("report_id")


#: Empty keys are left out as the index of keys leaves them out, so that it serves.
_UNDER = "SELECT key, content_digest, id, flags FROM reports_report WHERE by = %s AND NOT (key = '') AND key "


def list_keys(keys: Sequence[str], *, by: uuid.UUID) -> list[tuple[str, str, uuid.UUID, list[str]]]:
    """Key, content digest, id and flags of what this caller sent under these keys; an empty key is none."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return []
    words, value = journal.among(wanted)
    with connection.cursor() as cursor:  # asked for every group of reports: its words are made once
        cursor.execute(
            _UNDER + words,
            [UUIDField().get_db_prep_value(by, connection), value],
        )
        return [
            (key, digest, one if isinstance(one, uuid.UUID) else uuid.UUID(one), json.loads(flags))
            for key, digest, one, flags in cursor.fetchall()
        ]


def _under(keys: Sequence[str], *, by: uuid.UUID) -> QuerySet[Report]:
    """Reports under these keys; said so that the index of keys serves, which leaves out empty ones."""
    return Report.objects.filter(by=by, key__in=list(keys)).exclude(key="")


def find_keys(keys: Sequence[str], *, by: uuid.UUID) -> set[str]:
    """Which of these keys this caller has already sent."""
    return set(_under(keys, by=by).values_list("key", flat=True))


def list_ids_of_keys(keys: Sequence[str], *, by: uuid.UUID) -> dict[str, uuid.UUID]:
    """The report this caller sent under each of these keys; the first, where the same came twice."""
    rows = _under(keys, by=by).order_by("-pk")
    return dict(rows.values_list("key", "pk"))


class Telling(msgspec.Struct, frozen=True):
    """A report by its sender's key: what it named then, and what became of it."""

    id: uuid.UUID
    key: str
    type: str
    state: str
    event_ref: str


def list_told_under(keys: Sequence[str], *, by: uuid.UUID) -> list[Telling]:
    """What this caller sent under these keys; of one key the first comes last."""
    return _tellings(Report.objects.filter(by=by, key__in=list(keys)).order_by("-pk"))


def list_told_from(start: str, *, by: uuid.UUID, offset: int = 0, limit: int = 50) -> list[Telling]:
    """What this caller sent under keys that begin so, newest first."""
    rows = Report.objects.filter(by=by, key__startswith=start).order_by("-received_at", "-pk")
    return _tellings(rows[offset : offset + limit])


def list_first_of_cases(starts: Sequence[str], *, by: uuid.UUID) -> dict[str, uuid.UUID]:
    """Of cases, by how their keys begin: the report of this caller that was told first."""
    found = {}
    for start in dict.fromkeys(starts):
        first = Report.objects.filter(by=by, key__startswith=start).order_by("received_at", "pk").first()
        if first is not None:
            found[start] = first.pk
    return found


def _tellings(rows: QuerySet) -> list[Telling]:
    return [Telling(*row) for row in rows.values_list("pk", "key", "type", "state", "event_ref")]


def number_of(report_id: uuid.UUID) -> str:
    """The end of a report's number, as one reads it out: `4F3A-92B1`. Searching for it finds the report."""
    end = report_id.hex[-8:].upper()
    return f"{end[:4]}-{end[4:]}"
