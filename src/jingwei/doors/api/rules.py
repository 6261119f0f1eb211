"""The tables of rules for programs, read only: which there are, their rows, one row."""

from datetime import date
from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import localtime
from ninja import Field, Query, Router, Schema

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import COLUMNS, SHEETS, Sought
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.codes import normal_place
from jingwei.kernel.refusals import Refused

router = Router()

Row = dict[str, str | int | float | bool | None]


class RuleColumnOut(Schema):
    name: str
    zh: str
    en: str


class RuleTableOut(Schema):
    """`recalled`: rows written from memory that nobody has read in their source since."""

    table: str
    zh: str
    en: str
    rows: int
    sources: int
    recalled: int
    superseded: int
    columns: list[RuleColumnOut]


class RuleRowsOut(Schema):
    """A page of rows, by the names of the columns; `next` is the following `offset`, None at the end."""

    count: int
    next: int | None
    rows: list[Row]


@router.get("", response=list[RuleTableOut], summary="The tables of rules there are, with their columns")
def list_tables(request: HttpRequest):
    return [
        RuleTableOut(
            table=f.table, zh=f.sheet.zh, en=f.sheet.en, rows=f.rows, sources=f.sources, recalled=f.recalled,
            superseded=f.superseded,
            columns=[RuleColumnOut(name=n, zh=COLUMNS[n].zh, en=COLUMNS[n].en) for n in _columns(f.table)],
        )
        for f in hazards.list_sheets()
    ]  # fmt: skip


def _columns(table: str) -> list[str]:
    return [n for n in hazards.fields_of(table) if n != "node"]


class RulesAsked(Schema):
    """What is sought; `on`: a day, then only rows that apply to an event of it."""

    search: str = Field("", max_length=100)
    kind: str = Field("", max_length=5)
    level: int | None = Field(None, ge=1, le=5)
    place: str = Field("", max_length=12)
    evidence: str = Field("", max_length=10)
    on: date | None = None
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=100_000)


@router.get("/{table}", response=RuleRowsOut, summary="Rows of a table that fit, a page at a time")
def list_rules(request: HttpRequest, table: str, asked: Query[RulesAsked]):
    _known(table)
    sought = Sought(
        text=asked.search, kind=asked.kind, level=asked.level, place=normal_place(asked.place),
        evidence=asked.evidence, on=asked.on,
    )  # fmt: skip
    found = hazards.seek(table, sought, today=localtime(this_moment().at).date())
    after = asked.offset + asked.limit
    return RuleRowsOut(
        count=len(found),
        next=after if after < len(found) else None,
        rows=[row_out(one) for one in found[asked.offset : after]],
    )


@router.get("/{table}/{key}", response=Row, summary="One row of a table")
def get_rule(request: HttpRequest, table: str, key: str):
    _known(table)
    found = hazards.find_row(table, key)
    if found is None:
        raise Refused("not_found")
    return row_out(found)


def _known(table: str) -> None:
    if table not in SHEETS:
        raise Refused("not_found")


def row_out(one: Any) -> dict[str, Any]:
    """A row as it stands in the tables; days as ISO 8601. `overlay`: what the area sought laid over it."""
    values = msgspec.structs.asdict(one)
    overlay = values.pop("node", "")
    made = {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}
    return made | ({"overlay": overlay} if overlay else {})
