"""A test that expects a refusal says which: any other refusal in its place would pass unseen."""

import ast
from pathlib import Path

from tests.house.test_refusals import refusal_classes
from tests.house.tree import Tree, dotted, none, parse, plant


def expected(item: ast.withitem) -> set[str]:
    """The classes a `pytest.raises(…)` waits for; nothing when it also says `match=`."""
    call = item.context_expr
    if not isinstance(call, ast.Call) or dotted(call.func).split(".")[-1] != "raises" or not call.args:
        return set()
    if any(k.arg == "match" for k in call.keywords):
        return set()
    first = call.args[0]
    return {dotted(c).split(".")[-1] for c in (first.elts if isinstance(first, ast.Tuple) else [first])}


def looked_at(name: str, function: ast.AST) -> bool:
    """Whether the function reads the refusal it caught: `refused.value.code`, or hands it on."""
    return any(
        isinstance(n, ast.Attribute) and n.attr == "value" and dotted(n.value) == name
        for n in ast.walk(function)
    )


def unlooked(tree: Tree) -> list[str]:
    classes = refusal_classes(tree) - {"CodeWanted"}  # has one code only
    found = []
    for path in tree.files("*.py"):
        if not path.is_relative_to(tree.root / "tests"):
            continue
        for function in ast.walk(parse(path)):
            if not isinstance(function, ast.FunctionDef):
                continue
            for block in (n for n in ast.walk(function) if isinstance(n, ast.With)):
                for item in block.items:
                    named = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else ""
                    if expected(item) & classes and not (named and looked_at(named, function)):
                        found.append(f"{tree.name(path)}:{block.lineno}: which refusal?")
    return list(dict.fromkeys(found))


def test_every_refusal_a_test_expects_is_named() -> None:
    none(unlooked(Tree()))


def test_canary_a_refusal_nobody_looks_at_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/apps/bridges/rules.py": "class BridgeRefused(Refused): ...\n",
            "tests/apps/test_bridges.py": (
                "def test_a():\n    with pytest.raises(BridgeRefused):\n        go()\n"
                "def test_b():\n    with pytest.raises((ValueError, BridgeRefused)) as no:\n        go()\n"
                "def test_c():\n    with pytest.raises(BridgeRefused) as no:\n        go()\n"
                "    assert no.value.code == 'x'\n"
                "def test_d():\n    with pytest.raises(BridgeRefused, match='x'):\n        go()\n"
                "def test_e():\n    with pytest.raises(ValueError):\n        go()\n"
            ),
        },
    )
    assert [one.split(":")[1] for one in unlooked(tree)] == ["2", "5"]
