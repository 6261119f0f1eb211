"""A register as an app declares it: one value, from which pages, files and JSON follow. Pure."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from .given import CellError

#: Kinds of columns that the kit reads, shows, filters and exports.
KINDS = ("text", "long", "whole", "number", "choice", "flag", "date", "phone", "place", "organization")


class Choice(msgspec.Struct, frozen=True):
    """One value that a column may take, by its code in the field's tables."""

    code: str
    zh: str
    en: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: the field's term, its kind and unit, what it may hold and under which clause.

    `mask`: 'phone' or 'name' are shown in part, 'all' not at all; a look is recorded. `headings`: what
    the column is called in files as they come, beside its own names. `limit_clause` says who set
    `least` and `most`. `due`: a day by which something must be done, for the register's calendar; `done_by`:
    the column that is filled in once it is. `derived`: shown, and given by nobody.
    """

    name: str
    zh: str
    en: str
    kind: str = "text"
    unit_zh: str = ""
    unit_en: str = ""
    required: bool = False
    longest: int = 200
    least: float | None = None
    most: float | None = None
    limit_clause: str = ""
    choices: tuple[Choice, ...] = ()
    mask: str = ""
    listed: bool = False
    filtered: bool = False
    searched: bool = False
    due: bool = False
    done_by: str = ""
    derived: bool = False
    headings: tuple[str, ...] = ()


#: The columns that rows of every register have.
NAME = Column(
    name="name", zh="名称", en="Name", required=True, listed=True, searched=True, headings=("名字",)
)
PLACE = Column(
    name="place", zh="行政区划", en="Division", kind="place", required=True, listed=True,
    longest=12, headings=("区划", "所在地", "所属地区", "行政区划代码", "place code"),
)  # fmt: skip
OWNER = Column(
    name="owner", zh="主管单位", en="Responsible organization", kind="organization", longest=64,
    headings=("所属单位", "责任单位", "管理单位", "owner"),
)  # fmt: skip
#: And those of a register with points. Source: the Earth's own bounds.
LON = Column(
    name="lon", zh="经度", en="Longitude", kind="number", unit_zh="度", unit_en="°", least=-180, most=180,
    headings=("lng", "x"),
)  # fmt: skip
LAT = Column(
    name="lat", zh="纬度", en="Latitude", kind="number", unit_zh="度", unit_en="°", least=-90, most=90,
    headings=("y",),
)  # fmt: skip


class Span(msgspec.Struct, frozen=True):
    """Two days of a row of which the first may not lie behind the second."""

    first: str
    last: str


class Need(msgspec.Struct, frozen=True):
    """While one column holds this value, these others may not be empty; `clause` says who asks for it."""

    column: str
    value: str
    needs: tuple[str, ...]
    clause: str = ""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What a line of a file would become: `new` is handed to `Kept.add`; or why it can become nothing.

    `key` is the same when the line comes again; `before`: what it became when it was taken in before.
    `said`: in words, part by part, in Chinese and English; `notes` are what a person should know before, by
    the codes of sentences.
    """

    errors: tuple[CellError, ...] = ()
    new: Any = None
    key: str = ""
    before: uuid.UUID | None = None
    said: tuple[tuple[str, str], ...] = ()
    notes: tuple[CellError, ...] = ()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How rows are read and written that another app keeps by actions of its own.

    `rows`: a query whose rows have the register's columns and `key`, `owner`, `removed_at`. `add`, called
    with values, `by` and `moment`, enters one under that app's own rights, of which `add_right` is the
    action's name; `strike`, called with a row's id, ends one, and `restore` is what can be done against that:
    it returns the row that stands then. None: nobody does that here, and `stays_zh`, `stays_en` say why, with
    `counter` as what can be done instead: a register, and the column whose value is to be searched in it.
    `said`: the facts of a row's history, each with what is shown for it. `loaded`: facts after which all rows
    may have become others.

    `rows` None: the other app has pages of its own, and the kit only takes files in for it. Then `looks`,
    called with `by` and `moment`, gives what looks at one line's values and answers with `Looked`, whose
    `new` goes to `add`; `ended`, called with the id of what a line became, says whether that is over;
    `take_back` ends it, as long as nobody did anything with it since. `always`: columns that may be given
    once for all lines of a file.
    """

    rows: Any = None
    add: Any = None
    add_right: str = ""
    strike: Any = None
    strike_right: str = ""
    restore: Any = None
    restore_right: str = ""
    stays_zh: str = ""
    stays_en: str = ""
    counter: tuple[str, str] = ("", "")
    said: Any = ()
    loaded: Any = ()
    looks: Any = None
    ended: Any = None
    take_back: Any = None
    take_back_right: str = ""
    always: tuple[str, ...] = ()


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """A register, declared once. `model` is a table made from `RegisterRow` in the declaring app.

    `kept` instead of it: the rows are another app's, and the kit shows, finds and hands them out.

    `duplicate`: the columns by which a row that comes again is known. `keepers`: roles that keep every
    row of their place; `owners`: roles that keep the rows of their own organization and those below it.
    `spans`, `needs`: what columns ask of each other. `above`: the column that names the row above, where
    rows stand in a tree; none may lead back to itself. `checks`: what else must fit, from values to errors,
    silent about columns that are not given; `derives`: what other fields of the table follow from them.
    `geometries`: the GeoJSON geometries of some rows by their values, where these are more than a point;
    `meets`: which rows have one that meets a box of west, south, east, north, as a condition of a query.
    `fresh_days`: after so many days without a word a row has to be confirmed; None: never.
    """

    code: str
    zh: str
    en: str
    model: Any = None
    kept: Kept | None = None
    columns: tuple[Column, ...]
    duplicate: tuple[str, ...]
    keepers: frozenset[str]
    owners: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    needs: tuple[Need, ...] = ()
    above: str = ""
    checks: Callable[[Mapping[str, Any]], list[Any]] | None = None
    derives: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    geometries: Callable[[Sequence[Mapping[str, Any]]], list[Any]] | None = None
    meets: Callable[[tuple[float, float, float, float]], Any] | None = None
    symbol_zh: str = ""
    symbol_en: str = ""
    fresh_days: int | None = None
    fresh_source: str = ""
    note_zh: str = ""
    note_en: str = ""

    @property
    def has_points(self) -> bool:
        """Whether rows have a point of their own, for the map and GeoJSON."""
        return any(column.name == "lon" for column in self.columns)

    @property
    def only_files(self) -> bool:
        """Whether the kit only takes files in, and the rows stand on another app's own pages."""
        return self.kept is not None and self.kept.rows is None

    @property
    def given(self) -> list[Column]:
        """The columns that forms, files and programs fill in."""
        return [column for column in self.columns if not column.derived]

    @property
    def dues(self) -> list[Column]:
        """The columns that stand in the register's calendar."""
        return [column for column in self.columns if column.due]

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)
