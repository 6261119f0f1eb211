"""Steps that several actions share: the release with the text at hand, kept with its facts."""

import uuid
from datetime import datetime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.journal.actions import record
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from . import rules
from .models import Edition, Release
from .rules import ReleaseRefused, Written


def for_decision(
    release_id: uuid.UUID, right: str, version: int, *, by: By, moment: Moment
) -> tuple[Release, Edition, Authority]:
    """The release, locked, with the text at hand, for a post that may."""
    row = Release.objects.select_for_update().filter(pk=release_id).first()
    place, hazard = (row.place, row.kind) if row else (None, None)
    authority = agencies.require(by, right, at=moment.at, place=place, hazard=hazard)
    if row is None:
        raise ReleaseRefused("release_unknown")
    rules.check_version(held=version, current=row.version)
    return row, newest(row), authority


def newest(row: Release) -> Edition:
    """The text at hand: the newest that was not given up, else the newest."""
    texts = list(row.editions.order_by("-number"))
    return next((e for e in texts if e.state != "discarded"), texts[0])


def decided(row: Release, edition: Edition, facts: list[Fact], *, by: By, moment: Moment) -> None:
    row.version += 1
    row.save()
    edition.save()
    record([(fact, [row, edition]) for fact in facts], by=by, moment=moment)


def put_in(edition: Edition, written: Written) -> bool:
    """Put in the text as handed in; True when it differs. An end counts by the minute, as it is typed."""
    told = {
        "title_zh": written.title_zh.strip()[:200],
        "title_en": written.title_en.strip()[:200],
        "text_zh": clean(written.text_zh),
        "text_en": clean(written.text_en),
    }
    differs = any(getattr(edition, name) != text for name, text in told.items())
    for name, text in told.items():
        setattr(edition, name, text)
    if _minute(edition.valid_until) != _minute(written.valid_until):
        edition.valid_until, differs = written.valid_until, True
    return differs


def _minute(at: datetime | None) -> datetime | None:
    return at and at.replace(second=0, microsecond=0)


def check_text(edition: Edition, *, at: datetime) -> None:
    rules.check_ready(
        titles=(edition.title_zh, edition.title_en),
        texts=(edition.text_zh, edition.text_en),
        valid_until=edition.valid_until,
        at=at,
    )


def end_of(edition: Edition) -> datetime:
    if edition.valid_until is None:
        raise ReleaseRefused("release_end_missing")
    return edition.valid_until


def clean(text: str) -> str:
    """As typed, in one form of line ends; what no XML and no database takes is left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or ord(c) >= 32)[: rules.LONGEST_TEXT].strip()
