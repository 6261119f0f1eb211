"""What the checks of the house look at: a project's files, and its Python as syntax trees.

Every check is a function of a `Tree`, so that its canary can run it on a small tree with the mistake in it.
"""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Folders that are nobody's text.
SKIPPED = {".git", ".venv", ".jingwei", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache"}
SKIPPED |= {".import_linter_cache", ".hypothesis", "build", "dist", "node_modules"}


class Tree:
    """A project below `root`: ours, or a planted one."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.package = root / "src" / "jingwei"

    def files(self, pattern: str = "**/*") -> list[Path]:
        """Files that belong to the project: known to git or about to be."""
        return [p for p in _all_files(self.root) if p.match(pattern) or pattern == "**/*"]

    def sources(self, *below: str) -> list[Path]:
        """Python files of the package, or of these folders of it; no migrations."""
        folders = [self.package / b for b in below] or [self.package]
        return [
            p
            for p in _all_files(self.root)
            if p.suffix == ".py" and "migrations" not in p.parts and any(p.is_relative_to(f) for f in folders)
        ]

    def apps(self) -> list[Path]:
        return sorted(p.parent for p in (self.package / "apps").glob("*/__init__.py"))

    def row(self, name: str) -> list[Path]:
        """The files of one row in every app: `facts.py`, or the folder `facts/`."""
        return [p for app in self.apps() for p in row_of(app, name)]

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def row_of(app: Path, name: str) -> list[Path]:
    return sorted([*app.glob(f"{name}.py"), *app.glob(f"{name}/**/*.py")])


def _all_files(root: Path) -> list[Path]:
    return list(_listed(root)) if root == ROOT else list(_walk(root))


@cache
def _listed(root: Path) -> tuple[Path, ...]:
    line = ["git", "-C", str(root), "-c", "core.quotepath=off", "ls-files", "-z", "-co", "--exclude-standard"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:  # an unpacked archive
        return tuple(_walk(root))
    return tuple(sorted(p for name in done.stdout.split("\0") if name and (p := root / name).is_file()))


def _walk(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not SKIPPED & set(path.relative_to(root).parts):
            yield path


@cache
def _parsed(path: Path, changed: float) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def parse(path: Path) -> ast.Module:
    return _parsed(path, path.stat().st_mtime_ns)


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names, '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def plant(root: Path, files: dict[str, str]) -> Tree:
    """A small project with these files, for a canary."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for folder in (root / "src" / "jingwei" / "apps").glob("*"):
        (folder / "__init__.py").touch()
    return Tree(root)


def none(found: list[str]) -> None:
    """Nothing was found; else all of it is said."""
    assert not found, "\n" + "\n".join(found)
