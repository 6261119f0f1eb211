"""No write without its reason: every public action records a fact, or its app says it is silent."""

import ast
import re
from pathlib import Path

from tests.house.tree import Tree, dotted, none, parse, plant, row_of

Function = ast.FunctionDef | ast.AsyncFunctionDef


#: What is done before anybody holds a post: nobody can sign for it yet.
BEFORE_A_POST = {
    "agencies.found_node",
    "agencies.sign_in",
    "agencies.finish_sign_in",
    "agencies.take_post",
}


def actions_of(app: Path) -> dict[str, Function]:
    """The public functions of an app's actions row: what a folder's `__init__` gives out, or all."""
    known = {
        node.name: node
        for path in row_of(app, "actions")
        for node in parse(path).body
        if isinstance(node, Function) and not node.name.startswith("_")
    }
    front = app / "actions" / "__init__.py"
    if not front.exists():
        return known
    given = {a.asname or a.name for n in parse(front).body if isinstance(n, ast.ImportFrom) for a in n.names}
    return {name: node for name, node in known.items() if name in given}


def calls_of(function: Function) -> set[str]:
    """What a function calls: `record` for `record(…)`, `journal.record` also for `journal.record(…)`."""
    called = [n.func for n in ast.walk(function) if isinstance(n, ast.Call)]
    last = {f.attr if isinstance(f, ast.Attribute) else dotted(f) for f in called}
    return last | {dotted(f) for f in called}


def borrowed(path: Path) -> dict[str, str]:
    """Names in a file for other apps' actions: the name used to `app`, or to `app.function`."""
    found = {}
    for node in parse(path).body:
        parts = (getattr(node, "module", None) or "").split(".")
        if not isinstance(node, ast.ImportFrom) or parts[:2] != ["jingwei", "apps"]:
            continue
        for name in node.names:
            if len(parts) == 3 and name.name == "actions":
                found[name.asname or name.name] = parts[2]
            elif parts[3:4] == ["actions"]:
                found[name.asname or name.name] = f"{parts[2]}.{name.name}"
    return found


def recording(tree: Tree) -> dict[str, set[str]]:
    """Per app, the names that reach `record`: directly, through one another, or by a call down."""
    calls: dict[str, dict[str, set[str]]] = {}
    for app in tree.apps():
        mine = calls.setdefault(app.name, {})
        for path in [*row_of(app, "actions"), *row_of(app, "writes")]:
            aliases = borrowed(path)
            for node in ast.walk(parse(path)):
                if isinstance(node, Function):
                    called = calls_of(node)
                    down = {
                        f"{aliases[a]}.{f}"
                        for c in called
                        if (a := c.partition(".")[0]) in aliases and (f := c.partition(".")[2])
                    }
                    down |= {aliases[c] for c in called if c in aliases}
                    mine.setdefault(node.name, set()).update(called | down)
    reach: dict[str, set[str]] = {app: {"record"} for app in calls}
    grown = True
    while grown:
        grown = False
        far = {f"{app}.{name}" for app, names in reach.items() for name in names}
        for app, functions in calls.items():
            more = {n for n, called in functions.items() if called & (reach[app] | far)} - reach[app]
            reach[app] |= more
            grown = grown or bool(more)
    return reach


def silent_in(app: Path) -> set[str]:
    """Functions that the app's README lists under **Silent**, with a reason."""
    path = app / "README.md"
    text = path.read_text() if path.exists() else ""
    said = re.search(r"^\*\*Silent\*\*(.*?)(?=^\*\*|\Z)", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`(\w+)`", said.group(1))) if said else set()


def unrecorded(tree: Tree) -> list[str]:
    reach = recording(tree)
    return [
        f"{app.name}.{name} records no fact and is not listed as silent"
        for app in tree.apps()
        for name in sorted(actions_of(app).keys() - reach[app.name] - silent_in(app))
    ]


def strays(tree: Tree) -> list[str]:
    """Silent functions that are not there: the list must stay true."""
    return [
        f"{app.name}.{name} is called silent but is not there"
        for app in tree.apps()
        for name in sorted(silent_in(app) - actions_of(app).keys())
    ]


def unsigned(tree: Tree) -> list[str]:
    """Actions that do not take `by` and `moment`, keyword-only."""
    found = []
    for app in tree.apps():
        for name, node in sorted(actions_of(app).items()):
            if name in silent_in(app):
                continue
            wanted = {"moment"} if f"{app.name}.{name}" in BEFORE_A_POST else {"by", "moment"}
            missing = wanted - {a.arg for a in node.args.kwonlyargs}
            found += [
                f"{app.name}.{name}: `{word}` is not a keyword-only argument" for word in sorted(missing)
            ]
    return found


def test_every_action_records_or_says_it_is_silent() -> None:
    none(unrecorded(Tree()))


def test_the_silent_lists_are_true() -> None:
    none(strays(Tree()))


def test_every_action_says_by_whom_and_when() -> None:
    none(unsigned(Tree()))


def test_canary_a_write_without_a_fact_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/apps/bridges/actions.py": (
                "from jingwei.apps.ferries import actions as ferries\n"
                "from jingwei.apps.ferries.actions import sink\n"
                "def open_bridge(x, *, by, moment): _say(x)\n"
                "def close_bridge(x, *, by, moment): journal.record([x])\n"
                "def cross(x, *, by, moment): ferries.go(x)\n"
                "def drop(x, *, by, moment): sink(x)\n"
                "def paint_bridge(x, *, by): x.save()\n"
                "def go(x, *, by, moment): ferries.stay(x)\n"
                "def count_up(x): x.save()\n"
                "def _say(x): record([x])\n"
            ),
            "src/jingwei/apps/bridges/README.md": (
                "**Silent** `count_up` (a counter),\n`gone`.\n**Never** `x`\n"
            ),
            "src/jingwei/apps/ferries/actions/__init__.py": "from .moves import go, sink, stay\n",
            "src/jingwei/apps/ferries/actions/moves.py": (
                "def go(x, *, by, moment): Trip(x).run()\n"
                "def sink(x, *, by, moment): record([x])\n"
                "def stay(x, *, by, moment): inner(x)\n"
                "def inner(x): x.save()\n"
                "class Trip:\n    def run(self): record([self])\n"
            ),
        },
    )
    assert unrecorded(tree) == [
        "bridges.go records no fact and is not listed as silent",
        "bridges.paint_bridge records no fact and is not listed as silent",
        "ferries.stay records no fact and is not listed as silent",
    ]
    assert strays(tree) == ["bridges.gone is called silent but is not there"]
    assert unsigned(tree) == ["bridges.paint_bridge: `moment` is not a keyword-only argument"]
