"""The words of `jingwei backup` and `jingwei restore`. Light: help must not start the application."""

import argparse
import getpass
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_KEYS_STAY = (
    "secret and keys are not in it: keep the home's `secret` and `keys` apart from it, or use --with-key"
)


def add_verbs(verbs: Any, start: Callable[[], None]) -> None:
    line = "write this node into one file, also while it runs; or check such a file"
    one = verbs.add_parser("backup", help=line, description=line)
    one.add_argument("dest", type=Path, help="the file, or a folder in which it gets a name of its own")
    one.add_argument("--check", action="store_true", help="read this backup to its end, change nothing")
    one.add_argument(
        "--with-key", action="store_true", help="secret and keys too, encrypted with a passphrase"
    )
    one.set_defaults(run=lambda args: _backup(args, start))
    line = "make the node again from a backup, on an empty machine"
    one = verbs.add_parser("restore", help=line, description=line)
    one.add_argument("file", type=Path)
    one.add_argument("--with-key", action="store_true", help="take secret and keys out of it, too")
    one.add_argument(
        "--as", dest="operator", default="", metavar="USERNAME", help="whose act it is recorded as"
    )
    one.set_defaults(run=lambda args: _restore(args, start))


def _backup(args: argparse.Namespace, start: Callable[[], None]) -> int:
    start()
    from jingwei.doors.entry.moments import real_now

    from .make import backup, check

    say, took = _teller()
    if args.check:
        about = check(args.dest, say=say)
        print(f"whole: {about.node} of {about.made_at}, {about.counts.get('journal_entry', 0)} entries")
        print(f"release {about.release}, {about.database}, read in {took():.1f} s")
        return 0
    passphrase = _passphrase(twice=True) if args.with_key else ""
    made = backup(args.dest, at=real_now(), say=say, passphrase=passphrase)
    print(f"{made.file}: {made.bytes / 2**20:.1f} MB in {took():.1f} s")
    if not args.with_key:
        print(_KEYS_STAY)
    return 0


def _restore(args: argparse.Namespace, start: Callable[[], None]) -> int:
    start()
    from .restore import restore

    say, took = _teller()
    passphrase = _passphrase() if args.with_key else ""
    done = restore(args.file, operator=args.operator, passphrase=passphrase, say=say)
    print(f"restored in {took():.1f} s: {done.about.node} as it was at {done.about.made_at}")
    print(f"{done.about.counts.get('journal_entry', 0)} entries; {done.tokens} tokens and all sessions ended")
    print("what was recorded after that time is not in it: the desk asks for it until somebody acknowledges")
    if not args.with_key:
        print("without its keys: second factors are set up again, and seals are signed with a new key")
    return 0


def _teller() -> tuple[Callable[[str], None], Callable[[], float]]:
    """Says what is going on, with the seconds since the beginning, on standard error."""
    began = time.monotonic()

    def took() -> float:
        return time.monotonic() - began

    return lambda what: print(f"  {took():6.1f} s  {what}", file=sys.stderr, flush=True), took


def _passphrase(*, twice: bool = False) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("passphrase: ")
    while twice and getpass.getpass("again: ") != first:
        print("not the same", file=sys.stderr)
        first = getpass.getpass("passphrase: ")
    return first
