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
    add("status", "say how the node is: entries, what is due, what failed", by=False)


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
    from .verbs import VERBS

    return VERBS[name](args)
