"""The freeze: a digest of every file that shapes the storm, its scores or its oracle.

python -m bench.storm.freeze     writes FROZEN anew and prints the digest a decision record must then quote
"""

import hashlib
from pathlib import Path

from bench.storm.parameters import HERE

#: What may change freely: it shapes neither reports nor scores.
FREE = {"README.md", "FROZEN", "speed.py", "__main__.py"}


def digests(folder: Path = HERE) -> dict[str, str]:
    """SHA-256 by file name, in order of names."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.suffix in (".py", ".csv", ".toml")]
    names = sorted(p.relative_to(folder).as_posix() for p in files if p.name not in FREE)
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def as_text(found: dict[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in found.items())


def total(text: str) -> str:
    """One digest for the whole freeze: what a decision record quotes."""
    return hashlib.sha256(text.encode()).hexdigest()


def changed(folder: Path = HERE) -> list[str]:
    """Files that differ from the freeze, are missing from it, or are gone."""
    lines = (folder / "FROZEN").read_text(encoding="utf-8").splitlines()
    frozen = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    now = digests(folder)
    return sorted(name for name in frozen.keys() | now.keys() if frozen.get(name) != now.get(name))


def main() -> None:
    text = as_text(digests())
    (HERE / "FROZEN").write_text(text, encoding="utf-8")
    print(total(text))


if __name__ == "__main__":
    main()
