"""What stands on the map for one post: layers, each counted in cells by the database, as marks.

Pages and programs get the same marks. Incidents keep their own cells, and so do reports; rows of registers
and named places share theirs, so that one mark says how much of each stands there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial

import msgspec

from jingwei.apps.agencies.queries import Authority
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.incidents.queries import IncidentLine
from jingwei.apps.places import queries as places
from jingwei.apps.places.facts import SiteRow
from jingwei.apps.registers import queries as registers
from jingwei.apps.registers.facts import Register
from jingwei.apps.registers.queries import RowLine, Stood
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import ReportLine
from jingwei.engines.cells import Box, Cell, Grid, joined

#: Incidents of one view that are drawn each by itself; more are counted in cells. Source: our estimate, so
#: many squares fit beside one another, 2026-11-29.
MOST_INCIDENTS = 60
#: Letters of a report's name on the map. Source: our estimate, a line of a list, 2026-11-29.
NAME_LETTERS = 40


class Layer(msgspec.Struct, frozen=True):
    """One kind of things that the map can show. `moves`: what it stands for can go elsewhere."""

    code: str
    zh: str
    en: str
    symbol_zh: str = ""
    symbol_en: str = ""
    moves: bool = False


class Mark(msgspec.Struct, frozen=True):
    """A mark: one thing with its name and page, or several counted together.

    `group`: 'incidents', 'reports' or 'things'. `parts`: how many of each layer.
    """

    group: str
    lon: float
    lat: float
    count: int
    parts: Mapping[str, int]
    box: Box
    id: str = ""
    name_zh: str = ""
    name_en: str = ""
    kind_zh: str = ""
    kind_en: str = ""
    href: str = ""
    grade: int | None = None
    proposed: bool = False


class Asked(msgspec.Struct, frozen=True, dict=True):
    """What is asked of the map. `at`: how things stood then, None for now; `since`: reports from then on."""

    layers: tuple[str, ...]
    box: Box
    grid: Grid
    now: datetime
    at: datetime | None = None
    since: datetime | None = None

    @property
    def until(self) -> datetime:
        return self.at or self.now

    def stood(self, register: Register) -> Stood | None:
        """None: as it stands now, as nothing else is asked for, or too much was done since."""
        found = self._stood.get(register.code)
        if found is None and self.at:
            found = self._stood[register.code] = Stood(register, self.at)
        return None if found is None or found.too_many else found

    @cached_property
    def _stood(self) -> dict[str, Stood]:
        return {}


def list_layers() -> list[Layer]:
    """Every layer there is: what happens, every register with points, and named places."""
    return [
        Layer("incidents", "突发事件", "Incidents"),
        Layer("reports", "来报", "Reports", "报", "R"),
        *(
            Layer(r.code, r.zh, r.en, r.symbol_zh or r.zh[:1], r.symbol_en or r.en[:1], r.code == "teams")
            for r in registers.list_registers()
            if r.has_points
        ),
        Layer("sites", "重点地点", "Named places", "地", "P"),
    ]


def list_drawn_layers() -> list[Layer]:
    """Layers that are drawn and not counted: outlines of divisions, where any are held."""
    return [Layer("outlines", "区划界线", "Outlines of divisions")] if places.has_outlines() else []


def gather(asked: Asked, *, authority: Authority) -> list[Mark]:
    """All marks of what is asked for: their counts add up to what the post sees there."""
    things: list[tuple[str, Sequence[Cell]]] = []
    marks: list[Mark] = []
    for layer in list_layers():
        if layer.code not in asked.layers:
            continue
        if layer.code == "incidents":
            marks += _incidents(asked, authority)
        elif layer.code == "reports":
            marks += _reports(asked, authority)
        else:
            things.append((layer.code, _cells(layer.code, asked, authority)))
    return _things(things, asked, authority) + marks


def _incidents(asked: Asked, authority: Authority) -> list[Mark]:
    box, at = asked.grid.whole(asked.box), asked.at
    few = incidents.list_standing_points(box, authority=authority, at=at, limit=MOST_INCIDENTS + 1)
    if len(few) <= MOST_INCIDENTS:
        return _of_incidents(few)
    cells = incidents.count_standing_cells(asked.box, asked.grid, authority=authority, at=at)
    ones = incidents.list_standing_by_id([c.only for c in cells if c.only], authority=authority, at=at)
    alone = {mark.id: mark for mark in _of_incidents(list(ones.values()))}
    return [
        alone[str(ones[c.only].id)] if c.only in ones else _counted("incidents", c, {"incidents": c.count})
        for c in cells
    ]


def _of_incidents(lines: Sequence[IncidentLine]) -> list[Mark]:
    kinds = hazards.list_kinds_by_code({line.kind for line in lines})
    return [
        Mark(
            group="incidents",
            lon=line.lon or 0.0,
            lat=line.lat or 0.0,
            count=1,
            parts={"incidents": 1},
            box=(line.lon or 0.0, line.lat or 0.0, line.lon or 0.0, line.lat or 0.0),
            id=str(line.id),
            name_zh=line.title_zh,
            name_en=line.title_en,
            kind_zh=kinds[line.kind].name_zh if line.kind in kinds else "",
            kind_en=kinds[line.kind].name_en if line.kind in kinds else "",
            href=f"/incidents/{line.id}",
            grade=line.grade,
            proposed=line.grade_state == "proposed",
        )
        for line in lines
    ]


def _reports(asked: Asked, authority: Authority) -> list[Mark]:
    cells = reports.count_report_cells(
        asked.box, asked.grid, authority=authority, since=asked.since, until=asked.until
    )
    ones = reports.list_report_points_by_id([c.only for c in cells if c.only], authority=authority)
    kinds = hazards.list_kinds_by_code({line.kind for line in ones.values()})
    return [
        _of_report(ones[c.only], kinds) if c.only in ones else _counted("reports", c, {"reports": c.count})
        for c in cells
    ]


def _of_report(line: ReportLine, kinds: Mapping[str, object]) -> Mark:
    kind = kinds.get(line.kind)
    told = (line.title or line.words)[:NAME_LETTERS]
    point = line.lon or 0.0, line.lat or 0.0
    return Mark(
        group="reports",
        lon=point[0],
        lat=point[1],
        count=1,
        parts={"reports": 1},
        box=(*point, *point),
        id=str(line.id),
        name_zh=told,
        name_en=told if line.lang == "en" else "",
        kind_zh=getattr(kind, "name_zh", ""),
        kind_en=getattr(kind, "name_en", ""),
        href=f"/reports/{line.id}",
    )


def _cells(code: str, asked: Asked, authority: Authority) -> list[Cell]:
    if code == "sites":
        return places.count_site_cells(asked.box, asked.grid, within=authority.place)
    register = registers.get_register(code)
    return registers.count_row_cells(
        register, asked.box, asked.grid, authority=authority, stood=asked.stood(register)
    )


def list_unturned(asked: Asked) -> list[Layer]:
    """Layers of registers that are shown as they stand now, though an earlier time is asked for."""
    return [
        layer
        for layer in list_layers()
        if asked.at
        and layer.code in asked.layers
        and layer.code not in ("incidents", "reports", "sites")
        and asked.stood(registers.get_register(layer.code)) is None
    ]


def _things(groups: Sequence[tuple[str, Sequence[Cell]]], asked: Asked, authority: Authority) -> list[Mark]:
    found = joined(groups)
    single: dict[str, list[str]] = {}
    for cell, parts in found:
        if cell.only:
            single.setdefault(next(iter(parts)), []).append(cell.only)
    ones = {code: _named(code, ids, asked, authority) for code, ids in single.items()}
    marks = []
    for cell, parts in found:
        one = ones[next(iter(parts))].get(cell.only) if cell.only else None
        marks.append(one or _counted("things", cell, parts))
    return marks


def _named(code: str, ids: Sequence[str], asked: Asked, authority: Authority) -> dict[str, Mark]:
    if code == "sites":
        return {s.id: of_site(s) for s in places.list_sites_by_id(ids).values()}
    register = registers.get_register(code)
    rows = registers.list_rows_by_id(register, ids, authority=authority, stood=asked.stood(register))
    return {given: of_row(register, line) for given, line in rows.items()}


def of_site(site: SiteRow) -> Mark:
    return Mark(
        group="things", lon=site.lon, lat=site.lat, count=1, parts={"sites": 1},
        box=(site.lon, site.lat, site.lon, site.lat), id=site.id, name_zh=site.name_zh,
        name_en=site.name_en, kind_zh="重点地点", kind_en="Named place", href=f"/places/{site.place}",
    )  # fmt: skip


def of_row(register: Register, line: RowLine) -> Mark:
    lon, lat = float(str(line.values["lon"])), float(str(line.values["lat"]))
    return Mark(
        group="things", lon=lon, lat=lat, count=1, parts={register.code: 1}, box=(lon, lat, lon, lat),
        id=str(line.id), name_zh=str(line.values["name"]), kind_zh=register.zh, kind_en=register.en,
        href=f"/registers/{register.code}/{line.id}",
    )  # fmt: skip


def _counted(group: str, cell: Cell, parts: Mapping[str, int]) -> Mark:
    return Mark(group=group, lon=cell.lon, lat=cell.lat, count=cell.count, parts=parts, box=cell.box)


def list_in_words(asked: Asked, *, authority: Authority, limit: int) -> list[Mark]:
    """The things themselves, by layer, at most so many: the list below a map."""
    box = asked.box
    found: list[Mark] = []
    readers: dict[str, Callable[[int], list[Mark]]] = {
        "incidents": lambda n: _of_incidents(
            incidents.list_standing_points(box, authority=authority, at=asked.at, limit=n)
        ),
        "reports": lambda n: _reports_in_words(asked, authority, n),
        "sites": lambda n: [of_site(s) for s in places.list_sites_in(box, within=authority.place, limit=n)],
    }
    for layer in list_layers():
        if layer.code in asked.layers and len(found) < limit:
            read = readers.get(layer.code) or partial(_rows_in_words, layer.code, asked, authority)
            found += read(limit - len(found))
    return found


def _rows_in_words(code: str, asked: Asked, authority: Authority, limit: int) -> list[Mark]:
    register = registers.get_register(code)
    rows = registers.list_row_points(
        register, asked.box, authority=authority, limit=limit, stood=asked.stood(register)
    )
    return [of_row(register, line) for line in rows]


def _reports_in_words(asked: Asked, authority: Authority, limit: int) -> list[Mark]:
    lines = reports.list_report_points(
        asked.box, authority=authority, since=asked.since, until=asked.until, limit=limit
    )
    kinds = hazards.list_kinds_by_code({line.kind for line in lines})
    return [_of_report(line, kinds) for line in lines]
