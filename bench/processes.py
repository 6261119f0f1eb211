"""What a node's processes hold: memory, open files, threads; and its folder on disk. Linux, from /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Held:
    """What one process holds. `pss_mib` counts a page shared by n processes as one n-th."""

    role: str
    pid: int
    rss_mib: float
    pss_mib: float
    files: int
    threads: int
    cpu_s: float


def tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parent = _parent(entry)
            if parent is not None:
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        waiting += sorted(children.get(one, []))
    return found


def look(root: int) -> list[Held]:
    """Every process of the tree, as it is now; one that ended meanwhile is left out."""
    return [held for pid in tree(root) if (held := _held(pid, root)) is not None]


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _held(pid: int, root: int) -> Held | None:
    entry = Path(f"/proc/{pid}")
    try:
        stat = (entry / "stat").read_text().rpartition(")")[2].split()
        return Held(
            role=_role(entry, pid == root),
            pid=pid,
            rss_mib=int((entry / "statm").read_text().split()[1]) * _PAGE / MIB,
            pss_mib=_pss(entry),
            files=sum(1 for _ in (entry / "fd").iterdir()),
            threads=int(stat[17]),
            cpu_s=(int(stat[11]) + int(stat[12])) / _TICK,
        )
    except (OSError, ValueError, IndexError):
        return None


def _role(entry: Path, is_root: bool) -> str:
    """What a process is for, by its command line."""
    words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    if is_root:
        return "keeper"
    if "jingwei.wiring" in words:
        verb = words[words.index("jingwei.wiring") + 1]
        return "front" if verb == "serve" else verb  # a fork of the keeper serves
    line = " ".join(words)
    return "tracker" if "resource_tracker" in line else "front"


def _pss(entry: Path) -> float:
    for line in (entry / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def disk(home: Path) -> dict[str, float]:
    """MiB of the database, its write-ahead log, and everything else in the node's folder."""
    sizes = {"database_mib": 0.0, "wal_mib": 0.0, "other_mib": 0.0}
    for path in _files(home):
        name = "database_mib" if path.name.endswith(".sqlite3") else "other_mib"
        name = "wal_mib" if path.name.endswith("-wal") else name
        try:
            sizes[name] += path.stat().st_size / MIB
        except OSError:
            continue
    return sizes


def _files(home: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(home):
        yield from (Path(folder) / name for name in names)
