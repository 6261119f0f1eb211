"""Verbs of the `jingwei` command for the operator of a node: people, posts, tokens, reference data.

Whoever runs them has the machine in their hands; what they do is still the recorded act of a person:
the operator named with `--as`, or the node's first.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from jingwei.apps.agencies import actions as agencies_do
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.facts import Founding, OrganizationRow, PersonRow
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.actions import load_shipped_rules
from jingwei.apps.journal import queries as journal
from jingwei.apps.places.actions import load_shipped_places
from jingwei.apps.plans.actions import load_plan
from jingwei.doors.entry.moments import this_moment
from jingwei.kernel.codes import normal_place


def found(args: argparse.Namespace) -> int:
    """Give an empty node its first organization and its operator."""
    own = None if args.roster else _founding(args)
    founding = own or agencies.find_founding(agencies.read_roster(args.roster))
    if founding is None:
        print("jingwei: this roster names no founding organization", file=sys.stderr)
        return 2
    agencies_do.found_node(founding, password=_password(), moment=this_moment())
    print(f"founded: {founding.organization.code}, operator {founding.operator.username}")
    return 0


def _founding(args: argparse.Namespace) -> Founding:
    organization = OrganizationRow(
        code=args.organization,
        name_zh=args.name_zh,
        name_en=args.name_en,
        kind=args.kind,
        place=normal_place(args.place),
    )
    person = PersonRow(name_zh=args.operator, name_en=args.operator, username=args.operator)
    return Founding(organization=organization, operator=person)


def load(args: argparse.Namespace) -> int:
    """Load the shipped reference data: places, rules, sources."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    if hazards.is_law_of_home():
        print("places …", flush=True)
        load_shipped_places(by=by, moment=moment)
    else:
        print("places: those that ship are China's; take in your own: jingwei places load FILE")
    print("rules …", flush=True)
    load_shipped_rules(by=by, moment=moment)
    print("loaded")
    return 0


def plan(args: argparse.Namespace) -> int:
    """Take in a contingency plan from a file."""
    if not Path(args.file).is_file():
        print(f"jingwei: there is no file {args.file}", file=sys.stderr)
        return 2
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    load_plan(Path(args.file).read_bytes(), by=by, moment=moment)
    print(f"{args.file} is taken in")
    return 0


def roster(args: argparse.Namespace) -> int:
    """Take in organizations, posts and people from a folder of three tables."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    fact = agencies_do.load_agencies(agencies.read_roster(args.folder), by=by, moment=moment)
    print(f"{fact.organizations} organizations, {fact.posts} posts, {fact.people} new people")
    return 0


def enroll(args: argparse.Namespace) -> int:
    """Enroll a person with a first password and the posts they start in."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    row = PersonRow(
        name_zh=args.name_zh, name_en=args.name_en, username=args.username, posts=tuple(args.post)
    )
    agencies_do.enroll_person(row, password=_password(), by=by, moment=moment)
    print(f"{args.username} is enrolled")
    return 0


def reset_password(args: argparse.Namespace) -> int:
    """Give a person a new password; all their sessions end."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    agencies_do.reset_password(args.username, _password(), by=by, moment=moment)
    print(f"{args.username} has a new password")
    return 0


def reset_second_factor(args: argparse.Namespace) -> int:
    """Take away a person's lost second factor; all their sessions end."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    agencies_do.reset_second_factor(args.username, by=by, moment=moment)
    print(f"{args.username} signs in by password alone, and can set up a second factor again")
    return 0


def unlock(args: argparse.Namespace) -> int:
    """Let a person try again whose account is locked."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    agencies_do.unlock_account(args.username, by=by, moment=moment)
    print(f"{args.username} may sign in again")
    return 0


def token(args: argparse.Namespace) -> int:
    """Issue a token for a program that holds a post; it is shown once."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    holding = agencies.find_holding_of_post(args.post, at=moment.at)
    if holding is None:
        print(f"jingwei: nobody holds the post {args.post} now", file=sys.stderr)
        return 2
    print(agencies_do.issue_token(holding, args.name, by=by, moment=moment))
    return 0


def status(args: argparse.Namespace) -> int:
    """Say how the node is; exit code 1 when a reaction has failed."""
    print(f"entries {journal.count_entries()}, due {journal.count_due()}, failed {journal.count_failures()}")
    for one in journal.list_failures(20):
        print(f"  {one.reaction} on {one.kind} {one.entry_id}: {one.error}")
    return 1 if journal.count_failures() else 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("password: ")
    return sys.stdin.readline().rstrip("\n")


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "found": found,
    "load": load,
    "plan": plan,
    "roster": roster,
    "enroll": enroll,
    "password": reset_password,
    "factor": reset_second_factor,
    "unlock": unlock,
    "token": token,
    "status": status,
}
