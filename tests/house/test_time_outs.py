"""Nothing outside is waited for without end: every call of another program or machine says how long."""

import ast
from pathlib import Path

import pytest

from jingwei.wiring.database.address import databases
from tests.house.tree import Tree, dotted, none, parse, plant

#: Calls that reach outside: end of the name, the argument that bounds it, its place (None: by name only).
CALLS = {
    "subprocess.run": ("timeout", None),
    "subprocess.call": ("timeout", None),
    "subprocess.check_call": ("timeout", None),
    "subprocess.check_output": ("timeout", None),
    "communicate": ("timeout", 1),
    "urlopen": ("timeout", 2),
    "socket.create_connection": ("timeout", 1),
    "psycopg.connect": ("connect_timeout", None),
    "smtplib.SMTP": ("timeout", 3),
    "smtplib.SMTP_SSL": ("timeout", 3),
    "ftplib.FTP": ("timeout", 4),
    "HTTPConnection": ("timeout", 2),
    "HTTPSConnection": ("timeout", 2),
    "nats.connect": ("connect_timeout", None),
    **{f"httpx.{n}": ("timeout", None) for n in ("get", "post", "put", "request", "stream")},
    **{f"httpx.{n}": ("timeout", None) for n in ("Client", "AsyncClient")},
    **{f"requests.{n}": ("timeout", None) for n in ("get", "post", "put", "request", "Session")},
}
#: Calls that cannot be bounded by an argument: they stand inside `asyncio.timeout` or `wait_for`.
OPEN = ("asyncio.open_connection", "create_subprocess_exec", "create_subprocess_shell")


def unbounded(tree: Tree) -> list[str]:
    found = []
    for path in tree.sources():
        module = parse(path)
        inside = _within_a_limit(module)
        killed = _after_a_kill(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and id(node) not in inside | killed and _waits(node):
                found.append(f"{tree.name(path)}:{node.lineno} {dotted(node.func)} without a time-out")
    return found


def _waits(call: ast.Call) -> bool:
    name = _name(call.func)
    if name.endswith("process.wait"):
        return not call.args and not call.keywords
    if any(name == o or name.endswith(f".{o}") for o in OPEN):
        return True
    for end, (argument, place) in CALLS.items():
        if name == end or name.endswith(f".{end}"):
            # `**options` come from the node's settings, which have a test of their own
            named = any(k.arg in (argument, None) for k in call.keywords)
            return not named and not (place is not None and len(call.args) > place)
    return False


def _name(func: ast.AST) -> str:
    if isinstance(func, ast.Attribute) and not dotted(func):
        return f"?.{func.attr}"
    return dotted(func)


def _within_a_limit(module: ast.Module) -> set[int]:
    """Calls below `async with asyncio.timeout(…)`, or given to `asyncio.wait_for`."""
    found: set[int] = set()
    for node in ast.walk(module):
        below: list[ast.AST] = []
        if isinstance(node, ast.AsyncWith) and any(
            isinstance(i.context_expr, ast.Call) and dotted(i.context_expr.func).endswith("timeout")
            for i in node.items
        ):
            below = list(node.body)
        elif isinstance(node, ast.Call) and dotted(node.func).endswith("wait_for"):
            below = list(node.args[:1])
        found |= {id(n) for one in below for n in ast.walk(one)}
    return found


def _after_a_kill(module: ast.Module) -> set[int]:
    """`process.wait()` right after `process.kill()`, or after its end was seen, does not wait."""
    found: set[int] = set()
    for node in ast.walk(module):
        for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
            for first, then in (
                zip(body or [], (body or [])[1:], strict=False) if isinstance(body, list) else ()
            ):
                called = first.value if isinstance(first, ast.Expr) else None
                if isinstance(called, ast.Call) and _name(called.func).endswith(("process.kill", "_watch")):
                    found |= {id(n) for n in ast.walk(then)}
    return found


def test_every_call_outside_says_how_long_it_waits() -> None:
    none(unbounded(Tree()))


@pytest.mark.parametrize(
    "line",
    [
        "import subprocess\nsubprocess.run(['x'])",
        "import subprocess\nprocess = subprocess.Popen(['x'])\nprocess.communicate()",
        "class A:\n    def f(self):\n        self.process.wait()",
        "import httpx\nhttpx.get('https://x')",
        "import urllib.request\nurllib.request.urlopen('https://x')",
        "import socket\nsocket.create_connection(('x', 1))",
        "import asyncio\nasync def f():\n    await asyncio.open_connection('x', 1)",
        "import psycopg\npsycopg.connect('x')",
    ],
)
def test_canary_a_call_without_a_time_out_is_found(line: str, tmp_path: Path) -> None:
    assert len(unbounded(plant(tmp_path, {"src/jingwei/doors/gate.py": line}))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "import subprocess\nsubprocess.run(['x'], timeout=5)",
        "class A:\n    def f(self):\n        self.process.kill()\n        self.process.wait()",
        "import asyncio\nasync def f():\n    async with asyncio.timeout(3):\n"
        "        await asyncio.open_connection('x', 1)",
    ],
)
def test_a_call_that_is_bounded_is_left_alone(line: str, tmp_path: Path) -> None:
    none(unbounded(plant(tmp_path, {"src/jingwei/doors/gate.py": line})))


def test_the_database_is_waited_for_so_long_and_no_longer() -> None:
    postgres = databases("postgresql://u:p@h/db")["default"]["OPTIONS"]
    assert 0 < postgres["connect_timeout"] <= 30 and "lock_timeout=" in postgres["options"]
    assert {"keepalives_idle", "keepalives_interval", "keepalives_count"} <= set(postgres)
    assert 0 < databases("sqlite:////tmp/x.sqlite3")["default"]["OPTIONS"]["timeout"] <= 30
