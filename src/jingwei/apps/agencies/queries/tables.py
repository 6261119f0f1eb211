"""The tables that ship with the node: rights, and rosters of places that are shown as examples."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from jingwei.kernel.refusals import Refused

from ..facts import Founding, OrganizationRow, PersonRow, PostRow, Roster
from ..rules import LINES, ActionRight, Rights

_DATA = files("jingwei") / "data"


def _rows(file: Traversable) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))


def _list(cell: str) -> tuple[str, ...]:
    return tuple(one for one in cell.split(";") if one)


@cache
def get_rights() -> Rights:
    """Which actions there are, which of them decide, and which roles may do them.

    Package data: fixed while a process runs. Who holds a post is never remembered.
    """
    named = [
        ActionRight(row["action"], row["decides"] == "1", row["node"] == "1", row["zh"], row["en"])
        for row in _rows(_DATA / "rights" / "actions.csv")
    ]
    actions = {right.action: right for right in named}
    roles: dict[str, set[str]] = {}
    for row in _rows(_DATA / "rights" / "roles.csv"):
        if row["action"] not in actions:
            raise LookupError(f"role {row['role']}: {row['action']} is not in the table of rights")
        roles.setdefault(row["role"], set()).add(row["action"])
    return Rights(actions=actions, roles={role: frozenset(granted) for role, granted in roles.items()})


def read_roster(name: str) -> Roster:
    """A roster by the name of its folder among those shipped, or by the path of a folder of one's own.

    Refused as `roster_unreadable` with file and problem; nothing is read by halves.
    """
    own = Path(name)
    folder: Traversable = own if own.is_dir() else _DATA / "demo" / name
    try:
        return _read_roster(name, folder)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError, TypeError) as error:
        raise Refused("roster_unreadable", name=name, problem=f"{type(error).__name__}: {error}") from error


def _read_roster(name: str, folder: Traversable) -> Roster:
    return Roster(
        source=name,
        organizations=tuple(_organization(row) for row in _rows(folder / "organizations.csv")),
        posts=tuple(_post(row) for row in _rows(folder / "posts.csv")),
        people=tuple(_person(row) for row in _rows(folder / "people.csv")),
    )


def find_founding(roster: Roster) -> Founding | None:
    """The organization and the person of a roster from which a node can be founded: its operator."""
    operators = {post.code: post.organization for post in roster.posts if post.role == "operator"}
    for person in roster.people:
        for post in person.posts:
            if post in operators and person.username:
                own = next(o for o in roster.organizations if o.code == operators[post])
                return Founding(organization=own, operator=person)
    return None


def _organization(row: dict[str, str]) -> OrganizationRow:
    links = tuple((line, upper) for line in LINES for upper in _list(row[line]))
    return OrganizationRow(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=row["kind"],
        place=row["place"],
        links=links,
        fictional=row["fictional"] == "1",
    )


def _post(row: dict[str, str]) -> PostRow:
    return PostRow(
        code=row["code"],
        organization=row["organization"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        role=row["role"],
        place=row["place"],
        hazard=row["hazard"],
    )


def _person(row: dict[str, str]) -> PersonRow:
    return PersonRow(
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=row["kind"],
        username=row["username"],
        phone=row["phone"],
        posts=_list(row["posts"]),
        from_at=datetime.fromisoformat(row["from_at"]) if row["from_at"] else None,
        until_at=datetime.fromisoformat(row["until_at"]) if row["until_at"] else None,
        fictional=row["fictional"] == "1",
    )
