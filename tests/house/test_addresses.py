"""Nothing in the project names a package registry or a folder of somebody's machine."""

import re
from pathlib import Path

from tests.house.tree import Tree, none, plant

#: Put together here, so that this file does not name them.
HOSTS = [
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted"),
        ("pypi", ".tuna"),
        ("registry", ".npm"),
        ("npm", "mirror"),
        ("deb", ".debian"),
        ("security", ".debian.org"),
        ("mirrors", ".aliyun"),
        ("mirrors", ".tuna"),
        ("crates", ".io"),
        ("proxy", ".golang"),
        ("conda", ".anaconda"),
    )
]
HOST = re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)
MACHINE = re.compile(
    r"(?<![\w./:~-])/(?:"
    + "|".join(["wo" + "rk", "ro" + "ot", "ho" + r"me/[a-z]\w*", "Us" + r"ers/\w+"])
    + r")(?:/|\b)"
)


def _texts(tree: Tree) -> list[tuple[str, str]]:
    found = []
    for path in tree.files():
        try:
            found.append((tree.name(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def named(tree: Tree, what: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text[: found.start()].count(chr(10)) + 1} {found.group()}"
        for name, text in _texts(tree)
        for found in what.finditer(text)
    ]


def test_no_registry_is_named() -> None:
    none(named(Tree(), HOST))


def test_no_machine_path_is_named() -> None:
    none(named(Tree(), MACHINE))


def test_canary_an_address_is_seen(tmp_path: Path) -> None:
    root, home = "/ro" + "ot", "/ho" + "me/ann/x"
    tree = plant(
        tmp_path,
        {
            "requirements/run.txt": f"--index-url https://{HOSTS[0]}/simple\n",
            "docs/x.md": f"see {root}/notes, `{home}` and /var/lib/jingwei, docs{root}s/, https://example.org{root}/\n",
        },
    )
    assert named(tree, HOST) == [f"requirements/run.txt:1 {HOSTS[0]}"]
    assert [x.split(" ")[1] for x in named(tree, MACHINE)] == [f"{root}/", home.removesuffix("x")]
