"""Every refusal has its sentence, and every sentence a refusal."""

import ast
import string
from pathlib import Path

from tests.house.tree import Tree, dotted, none, parse, plant

SENTENCE_FILES = (
    "refusals.py",
    "sentences.py",
    "sentences_response.py",
    "sentences_account.py",
    "sentences_keeping.py",
    "sentences_registers.py",
    "sentences_stock.py",
    "sentences_needs.py",
    "sentences_purchases.py",
    "sentences_advice.py",
    "sentences_dispatch.py",
    "sentences_rules.py",
    "sentences_settlements.py",
    "sentences_shelters.py",
    "sentences_checkins.py",
)
#: Codes of Django's own checks of passwords, passed on as they are.
FROM_DJANGO = {"password_too_short", "password_too_common"}


def refusal_classes(tree: Tree) -> set[str]:
    """`Refused` and everything that is one, by name."""
    bases = {
        node.name: {dotted(b).split(".")[-1] for b in node.bases}
        for path in tree.sources()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
    }
    known = {"Refused"}
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return known


def passing_on(module: ast.Module, classes: set[str]) -> dict[str, int]:
    """Functions that take the code as an argument and raise with it: name to the argument's place."""
    found = {}
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = [a.arg for a in [*node.args.posonlyargs, *node.args.args]]
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and dotted(call.func).split(".")[-1] in classes and call.args:
                first = call.args[0]
                if isinstance(first, ast.Name) and first.id in names:
                    found[node.name] = names.index(first.id)
    return found


def codes(tree: Tree) -> dict[str, tuple[str, set[str] | None]]:
    """Every code raised: where, and which gaps it fills (None: more than can be read here)."""
    classes = refusal_classes(tree)
    through = {n: i for p in tree.sources() for n, i in passing_on(parse(p), classes).items()}
    found: dict[str, tuple[str, set[str] | None]] = {}
    for path in tree.sources():
        for node in ast.walk(parse(path)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
            place = 0 if name in classes else through.get(name)
            if place is None or len(node.args) <= place:
                continue
            for code in _literals(node.args[place]):
                gaps = {k.arg for k in node.keywords if k.arg} if place == 0 and name in classes else None
                if any(k.arg is None for k in node.keywords):
                    gaps = None
                found[code] = (f"{tree.name(path)}:{node.lineno}", gaps)
    return found


def _literals(value: ast.expr) -> list[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.IfExp):
        return _literals(value.body) + _literals(value.orelse)
    if isinstance(value, ast.BoolOp):
        return [code for one in value.values for code in _literals(one)]
    return []


def sentences(tree: Tree) -> dict[str, str]:
    """The tables of doors/entry: code to English sentence."""
    files = [tree.package / "doors" / "entry" / name for name in SENTENCE_FILES]
    nodes = [n for path in files if path.exists() for n in ast.walk(parse(path))]
    found = {}
    for table in (n for n in nodes if isinstance(n, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            inner = value.args[0] if isinstance(value, ast.Call) and value.args else value
            if isinstance(key, ast.Constant) and isinstance(inner, ast.Constant):
                found[str(key.value)] = str(inner.value)
    return found


def without_sentence(tree: Tree) -> list[str]:
    known = sentences(tree)
    raised = {**codes(tree), **dict.fromkeys(FROM_DJANGO, ("Django's checks", None))}
    return [f"{code} ({where})" for code, (where, _) in sorted(raised.items()) if code not in known]


def unfilled(tree: Tree) -> list[str]:
    """Gaps of a sentence that the refusal does not fill."""
    known, found = sentences(tree), []
    for code, (where, gaps) in sorted(codes(tree).items()):
        wanted = {name for _, name, _, _ in string.Formatter().parse(known.get(code, "")) if name}
        if gaps is not None and wanted - gaps:
            found.append(f"{code} ({where}): {', '.join(sorted(wanted - gaps))}")
    return found


def unused(tree: Tree) -> list[str]:
    """Sentences that nobody says: their code stands nowhere else in the package."""
    said = [p for p in tree.sources() if p.name not in SENTENCE_FILES or p.parent.name != "entry"]
    texts = [p.read_text() for p in said]
    return [c for c in sentences(tree) if c not in FROM_DJANGO and not any(f'"{c}"' in t for t in texts)]


def test_every_refusal_has_its_sentence() -> None:
    none(without_sentence(Tree()))


def test_every_gap_is_filled() -> None:
    none(unfilled(Tree()))


def test_every_sentence_is_said() -> None:
    none(unused(Tree()))


def test_canary_a_mute_refusal_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "src/jingwei/apps/bridges/rules.py": (
                "class BridgeRefused(Refused): ...\nclass Flooded(BridgeRefused): ...\n"
                "def a(): raise Flooded('bridge_flooded', depth=1)\n"
                "def b(x): raise BridgeRefused('bridge_shut' if x else 'bridge_gone')\n"
                "def check(x, code):\n    raise Refused(code)\n"
                "def c(): check(1, 'bridge_odd')\n"
            ),
            "src/jingwei/doors/entry/refusals.py": (
                "T = {'bridge_flooded': n_('Water {depth} m, {since}.'), 'bridge_old': 'Old.',"
                " 'bridge_shut': 'Shut.', 'password_too_short': 'x', 'password_too_common': 'x'}\n"
            ),
        },
    )
    assert [x.split(" ")[0] for x in without_sentence(tree)] == ["bridge_gone", "bridge_odd"]
    assert unfilled(tree) == ["bridge_flooded (src/jingwei/apps/bridges/rules.py:3): since"]
    assert "bridge_old" in unused(tree)
