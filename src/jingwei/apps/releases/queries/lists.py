"""Releases as those who write and approve them see them, and as the public does."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards

from .. import rules
from ..models import Edition, Release
from ..rules import Change


def get_clause() -> str:
    """The clause under which the public is told; '' where that law does not hold."""
    return rules.CLAUSE if hazards.is_law_of_home() else ""


class EditionLine(msgspec.Struct, frozen=True):
    """One text with who wrote, approved and published it, by holding."""

    number: int
    state: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    valid_until: datetime | None
    reason: str
    gaps: tuple[str, ...]
    authors: tuple[str, ...]
    drafted_at: datetime
    drafted_by: uuid.UUID
    edited_at: datetime | None
    edited_by: uuid.UUID | None
    approved_at: datetime | None
    approved_by: uuid.UUID | None
    published_at: datetime | None
    published_by: uuid.UUID | None
    conference: bool
    discarded_at: datetime | None
    discarded_by: uuid.UUID | None
    discarded_reason: str


class ReleaseLine(msgspec.Struct, frozen=True):
    """A release as lists show it: `edition` is the text at hand, whether published or not."""

    id: uuid.UUID
    incident_id: uuid.UUID | None
    activation: uuid.UUID | None
    notice: int | None
    kind: str
    place: str
    organization: str
    state: str
    version: int
    edition: EditionLine
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: uuid.UUID | None
    withdrawn_reason: str
    editions: tuple[EditionLine, ...]

    @property
    def may_restore(self) -> bool:
        """The text begun last was given up and nothing was begun since."""
        return self.editions[-1].state == "discarded" and self.state != "withdrawn"


class Correction(msgspec.Struct, frozen=True):
    """What one correction changed, in both languages, when and why."""

    at: datetime
    reason: str
    title_zh: tuple[Change, ...]
    title_en: tuple[Change, ...]
    zh: tuple[Change, ...]
    en: tuple[Change, ...]


class PublicRelease(msgspec.Struct, frozen=True):
    """A release as the public sees it: no person's name, nothing that is not published."""

    id: uuid.UUID
    place: str
    organization: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    valid_until: datetime
    published_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str
    corrections: tuple[Correction, ...]


def _visible(authority: Authority) -> QuerySet[Release]:
    """Releases of this post's area, and of the areas above that cover it."""
    rows = Release.objects.all()
    if not authority.place:
        return rows
    over = [authority.place[:n] for n in (2, 4, 6, 9) if n < len(authority.place)]
    return rows.filter(Q(place__startswith=authority.place) | Q(place__in=over))


def _edition(row: Edition) -> EditionLine:
    names = (n for n in EditionLine.__struct_fields__ if n not in ("gaps", "authors"))
    return EditionLine(
        **{n: getattr(row, n) for n in names}, gaps=tuple(row.gaps), authors=tuple(row.authors)
    )


def _lines(rows: QuerySet[Release]) -> list[ReleaseLine]:
    """The releases in their order, each with its texts; these are asked for once for all."""
    found = list(rows)
    return [_line(row, own) for row, own in zip(found, _texts(found), strict=True)]


def _texts(rows: Sequence[Release]) -> list[list[Edition]]:
    """Per release its texts in their order; `prefetch_related` would make a query for each to hold them."""
    of: dict[uuid.UUID, list[Edition]] = {row.id: [] for row in rows}
    for one in Edition.objects.filter(release_id__in=of).order_by("number") if of else ():
        of[one.release_id].append(one)
    return list(of.values())


def _line(row: Release, texts: Sequence[Edition]) -> ReleaseLine:
    editions = tuple(map(_edition, texts))
    names = (n for n in ReleaseLine.__struct_fields__ if n not in ("edition", "editions"))
    return ReleaseLine(**{n: getattr(row, n) for n in names}, edition=_at_hand(editions), editions=editions)


def _at_hand(editions: Sequence[EditionLine]) -> EditionLine:
    """The newest text that was not given up, else the newest."""
    return next((e for e in reversed(editions) if e.state != "discarded"), editions[-1])


def find_release(release_id: uuid.UUID, *, authority: Authority) -> ReleaseLine | None:
    return next(iter(_lines(_visible(authority).filter(pk=release_id))), None)


def list_releases(*, authority: Authority, states: Sequence[str] = (), limit: int = 50) -> list[ReleaseLine]:
    """Releases whose text at hand is in one of these states, newest first; all when none is named."""
    rows = _visible(authority)
    if states:
        texts = Edition.objects.filter(release=OuterRef("pk")).order_by("-number")
        at_hand = [Subquery(some.values("state")[:1]) for some in (texts.exclude(state="discarded"), texts)]
        rows = rows.filter(Exists(texts.filter(state__in=states)))
        rows = rows.annotate(at_hand=Coalesce(*at_hand)).filter(at_hand__in=states)
    return _lines(rows.order_by("-pk")[:limit])


def list_releases_of(incident_id: uuid.UUID, *, authority: Authority) -> list[ReleaseLine]:
    """The releases about one incident, newest first."""
    return _lines(_visible(authority).filter(incident_id=incident_id).order_by("-pk"))


def list_releases_of_activation(activation_id: uuid.UUID, *, authority: Authority) -> list[ReleaseLine]:
    """The releases that a response called for, newest first."""
    return _lines(_visible(authority).filter(activation=activation_id).order_by("-pk"))


class Told(msgspec.Struct, frozen=True):
    """One time the public was told about an incident: by whom, when, at a press conference too."""

    incident_id: uuid.UUID | None
    release_id: uuid.UUID
    organization: str
    place: str
    at: datetime
    by: uuid.UUID
    conference: bool


def list_told(incidents: Collection[uuid.UUID]) -> list[Told]:
    """Every time the public was told about these incidents, oldest first."""
    rows = Edition.objects.filter(release__incident_id__in=incidents, state="published")
    return [
        Told(
            incident_id=e.release.incident_id,
            release_id=e.release_id,
            organization=e.release.organization,
            place=e.release.place,
            at=_known(e.published_at),
            by=e.published_by,
            conference=e.conference,
        )
        for e in rows.select_related("release").order_by("published_at", "pk")
        if e.published_by is not None
    ]


def find_incident_of(release_id: uuid.UUID) -> uuid.UUID | None:
    """The incident that a release is about; None for one that follows a warning."""
    return Release.objects.filter(pk=release_id).values_list("incident_id", flat=True).first()


def list_waiting_for(authority: Authority, *, limit: int = 50) -> list[uuid.UUID]:
    """Releases put forward that this person may approve because they wrote none of the text, newest first."""
    later = Edition.objects.filter(release=OuterRef("release"), number__gt=OuterRef("number"))
    rows = Edition.objects.filter(state="waiting", release__in=_visible(authority))
    rows = rows.exclude(Exists(later.exclude(state="discarded"))).order_by("-release")
    found = rows.values_list("release", "authors")[:limit]
    return [release for release, authors in found if str(authority.person) not in authors]


def _public() -> QuerySet[Release]:
    return Release.objects.filter(state__in=["published", "withdrawn"])


def list_published(*, limit: int = 50, offset: int = 0) -> list[PublicRelease]:
    """What the public was told, newest first; what was withdrawn stands there as withdrawn."""
    rows = list(_public().order_by("-published_at", "-pk")[offset : offset + limit])
    return [_published(row, own) for row, own in zip(rows, _texts(rows), strict=True)]


def count_published() -> int:
    return _public().count()


def find_published(release_id: uuid.UUID) -> PublicRelease | None:
    row = _public().filter(pk=release_id).first()
    return _published(row, *_texts([row])) if row else None


def _published(row: Release, texts: Sequence[Edition]) -> PublicRelease:
    told = [one for one in texts if one.state == "published"]
    last = told[-1]
    corrections = [_correction(old, new) for old, new in pairwise(told)]
    return PublicRelease(
        id=row.pk,
        place=row.place,
        organization=row.organization,
        title_zh=last.title_zh,
        title_en=last.title_en,
        text_zh=last.text_zh,
        text_en=last.text_en,
        valid_until=_known(last.valid_until),
        published_at=_known(row.published_at),
        changed_at=_known(row.changed_at),
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        corrections=tuple(reversed(corrections)),
    )


def _correction(old: Edition, new: Edition) -> Correction:
    def changes(name: str) -> tuple[Change, ...]:
        before, after = getattr(old, name), getattr(new, name)
        return tuple(rules.list_changes(before, after)) if before != after else ()

    return Correction(
        at=_known(new.published_at),
        reason=new.reason,
        title_zh=changes("title_zh"),
        title_en=changes("title_en"),
        zh=changes("text_zh"),
        en=changes("text_en"),
    )


def _known(at: datetime | None) -> datetime:
    """A time that the table's constraints promise for what is published."""
    if at is None:
        raise ValueError("published without its times")
    return at
