"""A case on disk: its timeline, how each row enters, and the figures it tells. Read, checked, never judged.

timeline.csv  the record as it was published, row by row, in the language of the case
inputs.csv    how each row enters: type, channel, body, kind, place, level; whether it is world or answer
figures.csv   the figures each row tells: measure, area, value, unit; whether they were known at its time
case.json     name, kind, region, live view; checks.csv the checks; wordings.csv the words
              whose revision is asked about
"""

import csv
import io
import math
from collections.abc import Mapping
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from jingwei.apps.assessments import queries as assessments
from jingwei.apps.assessments.facts import CaseInfo, Words
from jingwei.apps.reports.facts import PRECISIONS, TYPES, Claim, Told
from jingwei.kernel.codes import is_kind_code, is_place_code
from jingwei.kernel.refusals import Refused

_TIMELINE = (
    "seq", "time_local", "precision", "actor", "level", "kind", "event_{lang}", "value", "unit",
    "expected_action_{lang}", "source", "evidence",
)  # fmt: skip
_INPUTS = (
    "seq", "type", "channel", "organization", "kind", "place", "site", "event_ref", "level", "from_level",
    "number", "title_zh", "title_en", "part", "why_zh", "why_en",
)  # fmt: skip
_FIGURES = ("seq", "measure", "area", "value", "unit", "words", "part")

#: Which part a row has: what the world did or somebody told of it, or what was decided, answered, neglected.
PARTS = ("world", "answer")
#: The same of a figure; '' as its row, `later` when nobody could know it at the row's time.
FIGURE_PARTS = ("", "answer", "later")

#: One row of a file: its line number and its cells by column.
Line = tuple[int, dict[str, str]]


class CaseRefused(Refused):
    """`case_unreadable`: a file of the case cannot be read; file, row (line number), column, problem."""


class CaseRow(msgspec.Struct, frozen=True):
    """One row of the timeline, ready to be told: its number, its time, the report it becomes.

    `act` is what the timeline calls it: warning_red, response_raise, public_message. `part`: world or
    answer, with the reason where it is not obvious. `withheld`: the figures among its report's that are an
    answer, or that nobody could know at the row's time.
    """

    seq: str
    at: datetime
    told: Told
    act: str = ""
    title_en: str = ""
    part: str = "world"
    why: Words = Words()
    withheld: tuple[Claim, ...] = ()


class Case(msgspec.Struct, frozen=True):
    """A case in order of time; rows of one time keep their order in the file."""

    info: CaseInfo
    folder: Traversable
    rows: tuple[CaseRow, ...]

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def given(self) -> "Case":
        """The same case with what its answers and its hindsight told left out: what duty officers had."""
        rows = tuple(_given(r) for r in self.rows if r.part == "world")
        return msgspec.structs.replace(self, rows=rows)

    @property
    def live_from_at(self) -> datetime:
        return self.info.live_from_at

    @property
    def live_until_at(self) -> datetime:
        return self.info.live_until_at


def _given(row: CaseRow) -> CaseRow:
    figures = tuple(c for c in row.told.figures if c not in row.withheld)
    return msgspec.structs.replace(row, told=msgspec.structs.replace(row.told, figures=figures))


def read_case(name: str | Path) -> Case:
    """A case that ships with the node, by its name, or one in a folder. Raises `CaseRefused`."""
    known = str(name) in assessments.list_cases()
    folder = Path(name) if not known and Path(name).is_dir() else assessments.get_folder(str(name))
    try:
        info = assessments.get_case(folder)
    except (OSError, UnicodeDecodeError, ValueError, KeyError) as error:
        raise _unreadable("case.json", 0, "", f"{type(error).__name__}: {error}") from error
    inputs = _by_seq(_read(folder, "inputs.csv", _INPUTS))
    figures = _figures(_read(folder, "figures.csv", _FIGURES))
    rows, seen = [], dict[str, dict[str, str]]()
    for number, cells in _read(folder, "timeline.csv", tuple(c.format(lang=info.lang) for c in _TIMELINE)):
        seq = cells["seq"]
        if seen.setdefault(seq, cells) != cells:
            raise _unreadable("timeline.csv", number, "seq", f"{seq} stands twice with different content")
        if seq not in inputs:
            raise _unreadable("timeline.csv", number, "seq", f"no row of inputs.csv says how {seq} enters")
        rows.append(_row(info, number, cells, inputs[seq], figures.get(seq, ())))
    for file, numbers in (("inputs.csv", inputs), ("figures.csv", figures)):
        for seq in numbers:
            if seq not in seen:
                raise _unreadable(file, _line_of(numbers[seq]), "seq", f"the timeline has no row {seq}")
    rows.sort(key=lambda r: r.at)
    return Case(info=info, folder=folder, rows=tuple(rows))


def _read(folder: Traversable, file: str, columns: tuple[str, ...]) -> list[Line]:
    try:
        text = (folder / file).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _unreadable(file, 0, "", "the file is missing") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, 0, "", f"not UTF-8 text ({type(error).__name__})") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for column in columns:
        if column not in (reader.fieldnames or ()):
            raise _unreadable(file, 1, column, "the column is missing")
    lines: list[Line] = []
    for cells in reader:
        if None in cells or None in cells.values():
            raise _unreadable(file, reader.line_num, "", "the row has more or fewer cells than the header")
        lines.append((reader.line_num, cells))
    return lines


def _by_seq(lines: list[Line]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for number, cells in lines:
        if found.setdefault(cells["seq"], (number, cells))[1] != cells:
            raise _unreadable(
                "inputs.csv", number, "seq", f"{cells['seq']} stands twice with different content"
            )
    return found


class _Told(msgspec.Struct, frozen=True):
    """A figure and the line it stands on."""

    line: int
    claim: Claim
    part: str = ""


def _figures(lines: list[Line]) -> dict[str, tuple[_Told, ...]]:
    measures, found = assessments.get_measures(), dict[str, dict[Claim, _Told]]()
    for number, cells in lines:
        if cells["measure"] not in measures:
            raise _unreadable("figures.csv", number, "measure", f"unknown measure {cells['measure']}")
        if not cells["area"]:
            raise _unreadable("figures.csv", number, "area", "a figure speaks of an area")
        if cells["part"] not in FIGURE_PARTS:
            raise _unreadable("figures.csv", number, "part", f"not one of {', '.join(FIGURE_PARTS[1:])}")
        claim = Claim(
            measure=cells["measure"],
            value=_number("figures.csv", number, "value", cells["value"]),
            unit=cells["unit"],
            area=cells["area"],
            words=cells["words"],
        )
        found.setdefault(cells["seq"], {}).setdefault(claim, _Told(number, claim, cells["part"]))
    return {seq: tuple(claims.values()) for seq, claims in found.items()}


def _line_of(found: Line | tuple[_Told, ...]) -> int:
    first = found[0]
    return first.line if isinstance(first, _Told) else first


def _row(
    info: CaseInfo, number: int, cells: Mapping[str, str], entered: Line, figures: tuple[_Told, ...]
) -> CaseRow:
    at = _time(number, cells["time_local"])
    if cells["precision"] not in PRECISIONS:
        raise _unreadable("timeline.csv", number, "precision", f"not one of {', '.join(PRECISIONS)}")
    line, how = entered
    if how["type"] not in TYPES:
        raise _unreadable("inputs.csv", line, "type", f"not one of {', '.join(TYPES)}")
    if not is_kind_code(how["kind"]):
        raise _unreadable("inputs.csv", line, "kind", f"no event code: {how['kind']}")
    if not is_place_code(how["place"]):
        raise _unreadable("inputs.csv", line, "place", f"no division code: {how['place']}")
    if how["part"] not in PARTS:
        raise _unreadable("inputs.csv", line, "part", f"not one of {', '.join(PARTS)}")
    told = Told(
        key=f"{info.name}:{cells['seq']}",
        type=how["type"],
        channel=how["channel"],
        source=cells["source"],
        evidence=cells["evidence"],
        words=cells[f"event_{info.lang}"],
        lang=info.lang,
        title=how[f"title_{info.lang}"],
        occurred_at=at,
        precision=cells["precision"],
        sent_at=at,
        kind=how["kind"],
        place=how["place"],
        site=how["site"],
        organization=how["organization"],
        event_ref=how["event_ref"],
        level=_level(line, "level", how["level"]),
        from_level=_level(line, "from_level", how["from_level"]),
        number=_level(line, "number", how["number"]),
        figures=tuple(f.claim for f in figures),
    )
    return CaseRow(
        seq=cells["seq"],
        at=at,
        told=told,
        act=cells["kind"],
        title_en=how["title_en"],
        part=how["part"],
        why=Words(how["why_zh"], how["why_en"]),
        withheld=tuple(f.claim for f in figures if f.part),
    )


def _time(number: int, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise _unreadable("timeline.csv", number, "time_local", f"no time: {text}") from error
    if at.tzinfo is None:
        raise _unreadable("timeline.csv", number, "time_local", f"the offset from UTC is missing: {text}")
    return at


def _number(file: str, number: int, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise _unreadable(file, number, column, f"no number: {text}") from error
    if not math.isfinite(value):
        raise _unreadable(file, number, column, f"no number: {text}")
    return value


def _level(line: int, column: str, text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise _unreadable("inputs.csv", line, column, f"no whole number: {text}")
    return int(text)


def _unreadable(file: str, row: int, column: str, problem: str) -> CaseRefused:
    return CaseRefused("case_unreadable", file=file, row=row, column=column, problem=problem)
