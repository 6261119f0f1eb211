"""Links in the documents lead somewhere; the documents one expects are there, in their size."""

import re
import tomllib
from itertools import chain
from pathlib import Path

from tests.house.tree import Tree, none, plant

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
EXPECTED = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"]
EXPECTED += ["docs/tour.md", "docs/glossary.md", "docs/sources.md", "docs/dependencies.md"]
EXPECTED += ["docs/operate/install.md"]
#: A decision is one page.
DECISION_LINES = 60
DECISION_PARTS = ["## Context", "## Decision", "## Consequences", "## Rejected options"]


def headings(text: str) -> set[str]:
    """The anchors a reader can jump to, as the usual renderers make them."""
    found = re.findall(r"^#+\s+(.+?)\s*#*$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in found}


def broken_links(tree: Tree) -> list[str]:
    found = []
    for page in tree.files("*.md"):
        for target in LINK.findall(FENCE.sub("", page.read_text())):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            if not path.exists() or not path.is_relative_to(tree.root.resolve()):
                found.append(f"{tree.name(page)}: {target}")
            elif anchor and path.suffix == ".md" and anchor not in headings(path.read_text()):
                found.append(f"{tree.name(page)}: {target} (no such heading)")
    return found


def absent(tree: Tree) -> list[str]:
    return [name for name in EXPECTED if not (tree.root / name).exists()]


def odd_decisions(tree: Tree) -> list[str]:
    found = []
    for page in tree.files("docs/decisions/*.md"):
        text = page.read_text()
        found += [f"{page.name}: no '{part}'" for part in DECISION_PARTS if part not in text]
        if len(text.splitlines()) > DECISION_LINES:
            found.append(f"{page.name}: more than a page")
        if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", page.name):
            found.append(f"{page.name}: a decision is called NNNN-title.md")
    return found


def undocumented_dependencies(tree: Tree) -> list[str]:
    """Runtime packages of pyproject.toml without a line in docs/dependencies.md."""
    project = tomllib.loads((tree.root / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *chain(*project.get("optional-dependencies", {}).values())]
    text = (tree.root / "docs" / "dependencies.md").read_text()
    names = [re.split(r"[\[<>=;! ]", w)[0] for w in wanted]
    return [name for name in names if f"| `{name}" not in text]


def test_links_lead_somewhere() -> None:
    none(broken_links(Tree()))


def test_the_documents_are_there() -> None:
    none(absent(Tree()))


def test_decisions_are_one_page_with_all_parts() -> None:
    none(odd_decisions(Tree()))


def test_every_dependency_has_its_reason() -> None:
    none(undocumented_dependencies(Tree()))


def test_canary_a_dead_link_is_seen(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "README.md": "# Title here\n[a](docs/x.md) [b](#title-here) [c](https://example.org/x)\n"
            "[d](y.md) [e](docs/x.md#nothing) ![f](pictures/no.png)\n"
            "[g](../outside.md)\n```\n[h](z.md)\n```\n",
            "docs/x.md": "# X\n",
            "docs/decisions/1-x.md": "## Context\n",
            "docs/dependencies.md": "| `django` | BSD | pages |\n",
            "pyproject.toml": '[project]\ndependencies = ["django>=5", "left-pad[x]>=1"]\n',
        },
    )
    seen = [x.split(": ")[1] for x in broken_links(tree)]
    assert seen == ["y.md", "docs/x.md#nothing (no such heading)", "pictures/no.png", "../outside.md"]
    assert "ARCHITECTURE.md" in absent(tree)
    assert len(odd_decisions(tree)) == 4
    assert undocumented_dependencies(tree) == ["left-pad"]
