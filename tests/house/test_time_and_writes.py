"""Time is an argument, and nothing writes past the journal: no signals, no admin, no logic in save()."""

import ast
from pathlib import Path

from tests.house.tree import Tree, dotted, functions, none, parse, plant

#: Where the clock is read.
CLOCKS = ("src/jingwei/doors/entry/moments.py", "src/jingwei/wiring/", "src/jingwei/kernel/ids.py")
#: Ends of the names that read it. `monotonic` and `perf_counter` measure how long, not when.
READINGS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time"}
READINGS |= {"time.time_ns", "time.localtime", "time.gmtime", "timezone.localdate", "timezone.localtime"}
#: Arguments of model fields that read it behind one's back.
HIDDEN = {"auto_now", "auto_now_add"}
#: Modules that would write past the journal.
BANNED = ("django.db.models.signals", "django.dispatch", "django.contrib.admin", "django.core.signals")
#: Methods of a model in which logic would hide.
HOOKS = {"save", "delete", "clean", "full_clean", "save_base", "__del__"}


def clock_readings(tree: Tree) -> list[str]:
    found = []
    for path in tree.sources():
        if tree.name(path).startswith(CLOCKS):
            continue
        for node in ast.walk(parse(path)):
            name = dotted(node) if isinstance(node, ast.Attribute) else ""
            if ".".join(name.split(".")[-2:]) in READINGS:
                found.append(f"{tree.name(path)}:{node.lineno} {name}")
            if isinstance(node, ast.keyword) and node.arg in HIDDEN:
                found.append(f"{tree.name(path)}:{node.value.lineno} {node.arg}")
    return found


def imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, a.name) for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{a.name}") for a in node.names]
    return found


def back_doors(tree: Tree) -> list[str]:
    found = [
        f"{tree.name(path)}:{line} {name}"
        for path in tree.sources()
        for line, name in imports(path)
        if f"{name}.".startswith(tuple(f"{b}." for b in BANNED))
    ]
    settings = tree.package / "wiring" / "settings.py"
    if settings.exists() and '"django.contrib.admin' in settings.read_text():
        found.append("settings: django.contrib.admin")
    return found


def hidden_logic(tree: Tree) -> list[str]:
    return [
        f"{tree.name(path)}:{node.lineno} {node.name}()"
        for path in tree.row("models")
        for node in functions(parse(path))
        if node.name in HOOKS
    ]


def raw_sql(tree: Tree) -> list[str]:
    """SQL by hand outside the rows that are tested on both databases."""
    return [
        f"{tree.name(path)}:{node.lineno} {dotted(node)}"
        for row in ("actions", "models", "rules", "facts", "registers")
        for path in tree.row(row)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute)
        and dotted(node).endswith((".cursor", "objects.raw", "objects.extra"))
    ]


def test_time_is_an_argument() -> None:
    none(clock_readings(Tree()))


def test_there_is_no_back_door() -> None:
    none(back_doors(Tree()))


def test_models_decide_nothing() -> None:
    none(hidden_logic(Tree()))


def test_sql_by_hand_stands_in_queries_and_writes() -> None:
    none(raw_sql(Tree()))


def test_canary_each_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/apps/bridges/models.py": (
                "from django.utils import timezone\nfrom django.db.models.signals import post_save\n"
                "class Bridge(Model):\n    a = F(default=timezone.now)\n    b = F(auto_now=True)\n"
                "    def save(self): self.a = datetime.datetime.now()\n"
            ),
            "src/jingwei/apps/bridges/actions.py": (
                "from django.dispatch import receiver\nx = connection.cursor()\n"
            ),
            "src/jingwei/doors/web/desk.py": "import time\nx = time.time()\ny = time.perf_counter()\n",
            "src/jingwei/doors/entry/moments.py": "x = datetime.now(UTC)\n",
            "src/jingwei/wiring/settings.py": 'INSTALLED_APPS = ["django.contrib.admin"]\n',
        },
    )
    assert [x.split(" ")[1] for x in clock_readings(tree)] == [
        "timezone.now",
        "auto_now",
        "datetime.datetime.now",
        "time.time",
    ] or len(clock_readings(tree)) == 4
    assert len(back_doors(tree)) == 3
    assert hidden_logic(tree) == ["src/jingwei/apps/bridges/models.py:6 save()"]
    assert raw_sql(tree) == ["src/jingwei/apps/bridges/actions.py:2 connection.cursor"]
