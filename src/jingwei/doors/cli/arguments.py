"""The words of the operator's verbs. Light: the command's help must not start the application."""

import argparse
from collections.abc import Callable
from typing import Any

Add = Callable[..., argparse.ArgumentParser]


def add_verbs(verbs: Any, start: Callable[[], None]) -> None:
    """Add this door's verbs; `start` brings up the application before one runs."""

    def add(name: str, line: str, *, by: bool = True) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = verbs.add_parser(name, help=line, description=line)
        one.set_defaults(run=lambda args: _run(name, args, start))
        if by:
            one.add_argument(
                "--as", dest="operator", default="", metavar="USERNAME", help="whose act it is recorded as"
            )
        return one

    _add_found(add)
    add("load", "load the shipped reference data: places, rules, sources")
    _add_places(add)
    one = add("plan", "take in a contingency plan, a new version of one, or its end; recorded")
    one.add_argument("file", help="the plan as JSON, in the form of the one that ships")
    one = add(
        "supplies", "take in a catalogue of supplies, XLSX or CSV; what is listed already stays; recorded"
    )
    one.add_argument("file", help="with columns for code, name, unit; the Red Cross's catalogue as it comes")
    one = add("roads", "take in roads from an OpenStreetMap extract, or say which count; recorded")
    one.add_argument("what", choices=["import", "show"])
    one.add_argument("file", nargs="?", default="", help="FILE.osm.pbf, .osm or .osm.bz2")
    one = add("roster", "take in organizations, posts and people from a folder of three tables")
    one.add_argument("folder", help="holds organizations.csv, posts.csv, people.csv")
    one = add("enroll", "enroll a person with a first password and posts; recorded")
    one.add_argument("username")
    one.add_argument("--name-zh", default="", help="the person's name in Chinese")
    one.add_argument("--name-en", default="", help="the person's name in Latin letters")
    one.add_argument("--post", action="append", default=[], help="code of a post; may be repeated")
    one = add("password", "give a person a new password; recorded")
    one.add_argument("username")
    one = add("factor", "take away a person's lost second factor; recorded")
    one.add_argument("username")
    one = add("unlock", "let a person try again whose account is locked; recorded")
    one.add_argument("username")
    one = add("token", "issue a token for a program that holds a post; shown once")
    one.add_argument("post", help="code of the post")
    one.add_argument("name", help="what the token is for")
    _add_checking(add)
    add("status", "say how the node is: entries, what is due, what failed", by=False)


def _add_places(add: Add) -> None:
    one = add(
        "places",
        "load and update divisions, their outlines and neighbours; say what a code of any year has become",
    )
    one.add_argument(
        "what", choices=["load", "import", "update", "changes", "resolve", "polygons", "neighbours"]
    )
    one.add_argument(
        "subject", nargs="?", default="", metavar="FILE|CODE", help="a table, or for resolve a code"
    )
    one.add_argument("--nation", action="store_true", help="load the whole nation's table that ships")
    one.add_argument(
        "--on",
        "--valid-from",
        default="",
        metavar="DAY",
        help="import, update: since when; resolve: as of when",
    )
    one.add_argument("--yes", action="store_true", help="import: take in what it would change without asking")


def _add_checking(add: Add) -> None:
    one = add("verify", "check the whole record: entries, rows, receipts, photos, seals, key", by=False)
    one.add_argument(
        "--against", action="append", default=[], metavar="FILE", help="checkpoints kept elsewhere"
    )
    one.add_argument("--key", action="append", default=[], help="the node's public key, from elsewhere")
    one.add_argument("--json", default="", metavar="FILE", help="also write the result to this file")
    one.add_argument("--lang", choices=["zh-hans", "en"], default="", help="language of the report")
    one = add("prove", "export the proof that an entry stands in the record", by=False)
    one.add_argument("entry", help="id of the entry")
    one.add_argument("--out", default="", metavar="FILE", help="write it to this file")
    add("epoch", "begin a new tree of seals where the node's key is lost; recorded")
    one = add("erase", "erase personal data under a clause; recorded")
    one.add_argument("what", choices=["caller", "person"], help="who called, or a line of a persons' list")
    one.add_argument("id", help="id of the report, or of the line")
    one.add_argument("--clause", required=True, help="the rule under which it is erased")


def _add_found(add: Add) -> None:
    one = add("found", "give an empty node its first organization and its operator", by=False)
    one.add_argument("--roster", default="", help="take both from this shipped roster, or folder")
    one.add_argument("--organization", default="", help="code of the organization")
    one.add_argument("--name-zh", default="")
    one.add_argument("--name-en", default="")
    one.add_argument("--kind", default="government", help="government, department, command …")
    one.add_argument("--place", default="", help="division code, for example 410100")
    one.add_argument("--operator", default="operator", help="user name of the operator")


def _run(name: str, args: argparse.Namespace, start: Callable[[], None]) -> int:
    start()
    from . import checking, places, roads, supplies, verbs

    return {**verbs.VERBS, **checking.VERBS, **places.VERBS, **supplies.VERBS, **roads.VERBS}[name](args)
