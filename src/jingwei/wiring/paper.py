"""`jingwei paper`: every form as a file that any browser prints, kept for the day without a machine."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jingwei.kernel.moments import By, Moment

STYLE = Path(__file__).resolve().parent.parent / "doors" / "web" / "static" / "paper.css"


def add_verb(verbs: Any, start: Callable[[], None]) -> None:
    line = "write every form, the deadlines, the plans and the call list as files to be printed"
    one = verbs.add_parser("paper", help=line, description=line)
    one.add_argument("--out", type=Path, required=True, help="the folder they go into")
    one.add_argument("--copies", type=int, default=10, help="of each form, with serials of their own")
    one.add_argument("--no-roster", action="store_true", help="leave out the list with telephone numbers")
    one.add_argument(
        "--as", dest="operator", default="", metavar="USERNAME", help="who prints the call list; recorded"
    )
    one.set_defaults(run=lambda args: _run(args, start))


def _run(args: argparse.Namespace, start: Callable[[], None]) -> int:
    start()
    from jingwei.apps.agencies import queries as agencies
    from jingwei.doors.entry.moments import this_moment

    moment = this_moment()
    by = None if args.no_roster else agencies.get_operator(args.operator, at=moment.at)
    for file in write_sheets(args.out, copies=args.copies, by=by, moment=moment):
        print(file)
    return 0


def write_sheets(out: Path, *, copies: int, by: By | None, moment: Moment) -> list[Path]:
    """One file for each form and list; without `by` none with telephone numbers."""
    from django.template.loader import render_to_string

    from jingwei.apps.papers.actions import print_call_list
    from jingwei.doors.web.paper import PRINTABLE, sheets_of

    css, written = STYLE.read_text(), []
    out.mkdir(parents=True, exist_ok=True)
    for code in PRINTABLE:
        if code == "roster" and by is None:
            continue
        called = print_call_list(by=by, moment=moment) if code == "roster" and by else ()
        view = sheets_of(code, at=moment.at, copies=copies, called=called)
        to = out / f"{code}.html"
        to.touch(0o600 if code == "roster" else 0o644)
        sheet = render_to_string("web/paper/sheet.html", {"view": view, "alone": True})
        # a file printed without the node carries its style; a page of the node may not
        alone = re.sub(r' href="[^"]*"', "", sheet)  # on paper nothing leads on
        to.write_text(alone.replace("</head>", f"<style>{css}</style></head>", 1), encoding="utf-8")
        written.append(to)
    return written
