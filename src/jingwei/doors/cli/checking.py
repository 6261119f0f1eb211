"""Verbs around the seals: the record checked, a proof handed out, a tree begun, personal data erased."""

import argparse
import json
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.people.actions import erase_person
from jingwei.apps.reports.actions import erase_caller
from jingwei.apps.seals import actions as seals_do
from jingwei.apps.seals import queries as seals
from jingwei.doors.entry.findings import describe, say_finding
from jingwei.doors.entry.moments import real_now, this_moment

from .progress import Progress


def verify(args: argparse.Namespace) -> int:
    """Check the whole record. Exit code 0: nothing is wrong. 1: something is."""
    notes = [note for path in args.against for note in seals.read_notes(path)]
    keys = [line.strip() for line in args.key]
    with translation.override(args.lang or language()):
        progress = Progress(quiet=not sys.stderr.isatty())
        found = seals.verify(against=notes, published=keys, processes=os.cpu_count() or 1, say=progress)
        for line in describe(found):
            print(line)
        for one in found.findings:
            print(f"  {say_finding(one)}")
    seals.keep_check(found, at=real_now())
    if args.json:
        _write_json(args.json, found)
    return 0 if found.is_green else 1


def prove(args: argparse.Namespace) -> int:
    """Export the proof that an entry stands in the sealed record."""
    proof = seals.prove(uuid.UUID(args.entry))
    if proof is None:
        print(_("There is no such entry, or no seal covers it yet."), file=sys.stderr)
        return 1
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    if args.out:
        Path(args.out).write_text(f"{text}\n", encoding="utf-8")
    else:
        print(text)
    return 0


def language() -> str:
    """The language of the terminal: Chinese where it says so, else English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if said.startswith("zh") else "en"


def _write_json(path: str, found: seals.Verified) -> None:
    content: dict[str, Any] = {"green": found.is_green, **msgspec.to_builtins(found)}
    Path(path).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def epoch(args: argparse.Namespace) -> int:
    """Begin a new tree with a new key where the old one is lost; recorded."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    number = seals_do.begin_epoch("key_lost", by=by, moment=moment)
    print(f"epoch {number}, key {seals.list_epochs()[-1].key}")
    return 0


def erase(args: argparse.Namespace) -> int:
    """Erase personal data under a clause: who called, or who a line of a list speaks of; recorded."""
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    do = {"caller": erase_caller, "person": erase_person}[args.what]
    do(uuid.UUID(args.id), clause=args.clause, by=by, moment=moment)
    print(f"{args.what} {args.id} is erased")
    return 0


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "verify": verify,
    "prove": prove,
    "epoch": epoch,
    "erase": erase,
}
