"""Verbs of the `jingwei` command for the operator of a node: people, posts, tokens, reference data."""

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import Any


def add_verbs(verbs: Any) -> None:
    """Add this door's verbs to the command."""
    one = _add(verbs, "found", "give an empty node its first organization and its operator", _found)
    one.add_argument("--roster", default="", help="take organization and operator from this shipped roster")
    one.add_argument("--organization", default="", help="code of the organization")
    one.add_argument("--name-zh", default="")
    one.add_argument("--name-en", default="")
    one.add_argument("--place", default="", help="division code, for example 410100")
    one.add_argument("--operator", default="operator", help="user name of the operator")
    _add(verbs, "load", "load the shipped reference data: places, rules, sources", _load)
    one = _add(verbs, "reset-password", "give a person a new password; recorded", _reset)
    one.add_argument("username")
    one = _add(verbs, "token", "issue a token for a program that holds a post; shown once", _token)
    one.add_argument("post", help="code of the post")
    one.add_argument("name", help="what the token is for")
    _add(verbs, "status", "say how the node is: entries, what is due, what failed", _status)


def _add(
    verbs: Any, name: str, line: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=line, description=line)
    one.set_defaults(run=run)
    return one


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("password: ")
    return sys.stdin.readline().rstrip("\n")


def _operator() -> Any:
    """The operator at this machine's terminal: the one holding with the operator's role."""
    from jingwei.apps.agencies.queries import get_operator

    return get_operator()


def _found(args: argparse.Namespace) -> int:
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.actions import found_node
    from jingwei.apps.agencies.facts import Founding, OrganizationRow, PersonRow
    from jingwei.doors.entry.moments import this_moment

    if args.roster:
        founding = agencies.find_founding(agencies.read_roster(args.roster))
    else:
        organization = OrganizationRow(
            code=args.organization,
            name_zh=args.name_zh,
            name_en=args.name_en,
            kind="government",
            place=args.place,
        )
        founding = Founding(organization=organization, operator=PersonRow(username=args.operator))
    if founding is None:
        print("jingwei: this roster names no founding organization", file=sys.stderr)
        return 2
    found_node(founding, password=_password(), moment=this_moment())
    print("founded; the operator may sign in")
    return 0


def _load(args: argparse.Namespace) -> int:
    from jingwei.apps.hazards.actions import load_shipped_rules
    from jingwei.apps.places.actions import load_shipped_places
    from jingwei.doors.entry.moments import this_moment

    by = _operator()
    print("places …", flush=True)
    load_shipped_places(by=by, moment=this_moment())
    print("rules …", flush=True)
    load_shipped_rules(by=by, moment=this_moment())
    print("loaded")
    return 0


def _reset(args: argparse.Namespace) -> int:
    from jingwei.apps.agencies.actions import reset_password
    from jingwei.doors.entry.moments import this_moment

    reset_password(args.username, _password(), by=_operator(), moment=this_moment())
    print(f"{args.username} has a new password")
    return 0


def _token(args: argparse.Namespace) -> int:
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.actions import issue_token
    from jingwei.doors.entry.moments import this_moment

    moment = this_moment()
    holding = agencies.find_holding_of_post(args.post, at=moment.at)
    if holding is None:
        print(f"jingwei: nobody holds the post {args.post} now", file=sys.stderr)
        return 2
    print(issue_token(holding, args.name, by=_operator(), moment=moment))
    return 0


def _status(args: argparse.Namespace) -> int:
    from jingwei.apps.journal import queries as journal

    print(f"entries {journal.count_entries()}, due {journal.count_due()}, failed {journal.count_failures()}")
    for one in journal.list_failures(20):
        print(f"  {one.reaction} on {one.kind} {one.entry_id}: {one.error}")
    return 1 if journal.count_failures() else 0
