"""A catalogue of supplies taken in from a file: what may be kept, each with its code."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.stock import actions, queries
from jingwei.apps.stock.facts import NewSupply
from jingwei.doors.entry.moments import this_moment
from jingwei.engines.sheets.tables import is_workbook, read_text
from jingwei.engines.sheets.workbooks import read_workbook
from jingwei.kernel.refusals import Refused

#: What a catalogue calls its columns; the first that is there counts. Sahana Eden's own names among them.
HEADINGS = {
    "code": ("code", "item code", "代码", "编码", "物资编码"),
    "name_zh": ("name_zh", "名称", "物资名称", "品名"),
    "name_en": ("name_en", "item description", "item name", "description", "name", "英文名称"),
    "unit_zh": ("unit_zh", "单位", "计量单位"),
    "unit_en": ("unit_en", "unit of measure", "unit"),
    "category": ("category_code", "分类", "分类代码"),
    "pack": ("pack", "pack quantity", "每包数量"),
}
#: A unit at the end of a description, as the catalogue of the Red Cross has it: "BEANS, tin, per kg".
_PER = re.compile(r",?\s+per\s+(\w{1,12})\s*$", re.IGNORECASE)


def take_in(args: argparse.Namespace) -> int:
    """Add the supplies that are not listed yet; those that are stay as they are."""
    try:
        body = Path(args.file).read_bytes()
        table = read_workbook(body) if is_workbook(body) else read_text(body)
    except OSError as error:
        print(f"jingwei: {args.file}: {error.strerror}", file=sys.stderr)
        return 2
    columns = columns_of(table.headings)
    if "code" not in columns or not columns.keys() & {"name_zh", "name_en"}:
        print(f"jingwei: {args.file} names no code or no name: {', '.join(table.headings)}", file=sys.stderr)
        return 2
    by, moment = agencies.get_operator(args.operator, at=this_moment().at), this_moment()
    known, added, wrong = {one.code for one in queries.list_supplies()}, 0, 0
    for number, cells in table.lines:
        try:
            new = supply_of(columns, cells)
            if new.code in known:
                continue
            actions.add_supply(new, by=by, moment=moment)
        except (Refused, ValueError) as why:
            wrong += 1
            print(f"line {number}: {why}", file=sys.stderr)
            continue
        known.add(new.code)
        added += 1
    print(
        f"{len(table.lines)} read, {added} added, {len(table.lines) - added - wrong} known, {wrong} not taken"
    )
    return 1 if wrong else 0


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Which column of the file holds what."""
    forms = [heading.strip().lower() for heading in headings]
    found = {name: next((forms.index(word) for word in words if word in forms), -1)
             for name, words in HEADINGS.items()}  # fmt: skip
    return {name: number for name, number in found.items() if number >= 0}


def supply_of(columns: dict[str, int], cells: Sequence[str]) -> NewSupply:
    """One line as a supply. A code that is missing is a mistake here: it could not be known again."""
    held = {name: cells[n].strip() if n < len(cells) else "" for name, n in columns.items()}
    code, english = held.get("code", ""), held.get("name_en", "")
    if not code:
        raise ValueError("no code")
    per = _PER.search(english)
    unit = held.get("unit_en") or (per[1].lower() if per else "")
    return NewSupply(
        code=code[:40],
        name_zh=held.get("name_zh", ""),
        name_en=english,
        category=held.get("category", ""),
        unit_zh=held.get("unit_zh") or unit or "件",
        unit_en=unit or "piece",
        pack=int(held["pack"]) if held.get("pack", "").isdigit() and int(held["pack"]) else None,
    )


VERBS = {"supplies": take_in}
