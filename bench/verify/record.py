"""A node with a million sealed entries, each with its report: made with SQL, hashed and signed by `engines`.

The node itself is set up by its own command and begins its tree by its own worker; what is added follows
docs/decisions/0006-seals.md, so that a check that finds it whole also checks what is written there.
"""

import base64
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.node import ROOT, set_up
from jingwei.engines.checkpoints import Checkpoint, Ed25519Signer, sign
from jingwei.engines.merkle import CompactRange, grow, leaf_hash, leaf_of_texts
from jingwei.kernel.canonical import salted_digest

#: Entries in one seal. Source: our estimate, a storm of a thousand entries a second, 2026-11-22.
A_SEAL = 1_000
#: What the digest of a report covers. Source: apps/reports, version 1.
DIGESTED = (
    "id", "home", "by", "state", "type", "channel", "source", "evidence", "organization", "words",
    "occurred_at", "precision", "received_at", "kind", "place", "site", "lon", "lat", "datum",
    "event_ref", "level", "from_level", "number", "flags", "raw", "told",
)  # fmt: skip
_WORDS = (
    "京广路隧道里水在往上涨，还有人没出来", "小区停电停水，一楼进水，老人下不来",
    "地铁站口倒灌，站厅里有积水",
    "山洪把桥冲断了，村里联系不上", "河堤有一处在渗水，带着泥", "高架下面车泡了，司机在车顶上",
)  # fmt: skip
#: Bytes below which a folder of this much free space is no place for it. Source: our estimate, 2 kB an entry.
_BYTES_AN_ENTRY = 2_500


def make(home: Path, entries: int) -> dict[str, str]:
    """Fill `home` with such a node, unless it is there already. Returns the environment of its command."""
    done, kept = home / "made.json", home / "environment.json"
    if done.exists() and json.loads(done.read_text())["entries"] == entries:
        return dict(json.loads(kept.read_text()))
    home.mkdir(parents=True, exist_ok=True)
    env, _, _ = set_up(home, "river-town-2021")
    _begin(home, env)
    with _filling(home / "node.sqlite3") as link:
        _fill(link, home, entries)
    kept.write_text(json.dumps(env))
    done.write_text(json.dumps({"entries": entries}))
    return env


def _begin(home: Path, env: dict[str, str]) -> None:
    """Let the node's own worker make its key and seal what the setting up wrote."""
    line = [sys.executable, "-m", "jingwei.wiring", "worker"]
    process = subprocess.Popen(line, env=env, cwd=ROOT)
    try:
        until = time.monotonic() + 120
        while not (home / "checkpoints" / "1.txt").exists():
            if time.monotonic() > until:
                raise RuntimeError("the worker sealed nothing")
            time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def _filling(path: Path) -> Iterator[sqlite3.Connection]:
    """Past the triggers, which are put back: they mark and protect what the node itself writes."""
    link = sqlite3.connect(path, isolation_level=None)
    triggers = link.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    link.execute("PRAGMA synchronous = OFF")
    for name, _ in triggers:
        link.execute(f'DROP TRIGGER "{name}"')
    try:
        yield link
    finally:
        for _, sql in triggers:
            link.execute(sql)
        link.close()


def _fill(link: sqlite3.Connection, home: Path, entries: int) -> None:
    dice = random.Random(7)
    ((by,),) = link.execute("SELECT id FROM agencies_holding LIMIT 1").fetchall()
    ((before, number, size),) = link.execute(
        "SELECT note, number, size FROM seals_seal ORDER BY number DESC LIMIT 1"
    ).fetchall()
    hashes = b"".join(one for (one,) in link.execute("SELECT leaves FROM seals_seal ORDER BY number"))
    tree = grow(CompactRange(), [hashes[at : at + 32] for at in range(0, len(hashes), 32)]).range
    assert tree.size == size
    seed = base64.b64decode((home / "keys" / "seal").read_text().split("\n")[1])
    signer = Ed25519Signer("bench/1", seed)
    columns = [row[1] for row in link.execute("PRAGMA table_info(reports_report)")]
    ((seq,),) = link.execute("SELECT max(seq) FROM journal_entry").fetchall()
    at = datetime.now(UTC)
    with (home / "checkpoints" / "1.txt").open("a", encoding="utf-8") as notes:
        for begin in range(0, entries, A_SEAL):
            link.execute("BEGIN")
            count = min(A_SEAL, entries - begin)
            made = [_one(dice, by, at + timedelta(milliseconds=n), seq + 1 + n) for n in range(count)]
            _put(link, columns, [row for row, _ in made])
            rows = [(seq + 1 + n, *_as_kept(texts)) for n, (_, texts) in enumerate(made)]
            link.executemany("INSERT INTO journal_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            number += 1
            head = _head(number, sha256(before.encode()).hexdigest(), f"{seq + 1}-{seq + count}")
            leaves = [leaf_hash(head.encode()), *(leaf_hash(leaf_of_texts(texts)) for _, texts in made)]
            grown = grow(tree, leaves)
            point = Checkpoint(
                node="bench",
                epoch=1,
                size=grown.range.size,
                root=grown.range.root,
                sealed_at=at + timedelta(seconds=1),
            )
            before = sign(point, signer)
            _keep(link, (number, tree.size), grown, (seq + 1, seq + count), head, leaves, before, point)
            notes.write(f"{before}\n")
            link.execute("COMMIT")
            tree, seq, at = grown.range, seq + count, at + timedelta(seconds=1)
            if begin % 100_000 == 0:
                print(f"  {begin} entries made", file=sys.stderr, flush=True)


def _one(dice: random.Random, by: str, at: datetime, number: int) -> tuple[dict[str, Any], list[str | None]]:
    """A report as its table has it, and the texts of the entry that speaks of it."""
    key, holder, salt = _id(dice, at, number), uuid.UUID(by), dice.randbytes(16)
    words = dice.choice(_WORDS)
    told = {
        "words": words,
        "kind": "12P04",
        "place": "410105",
        "channel": "110",
        "lon": 113.6 + dice.random() / 10,
    }
    row: dict[str, Any] = {
        "id": key, "salt": salt, "home": "bench", "key": str(key), "content_digest": key.hex * 2,
        "by": holder,
        "state": "accepted", "type": "occurrence", "channel": "110", "words": words, "precision": "minute",
        "occurred_at": at, "received_at": at, "recorded_at": at, "kind": "12P04", "place": "410105",
        "lon": round(113.6 + dice.random() / 10, 6), "lat": round(34.7 + dice.random() / 10, 6), "flags": [],
        "told": told, "rescue": False, "level": None, "from_level": None, "number": None, "grid_key": None,
        "transcribed_as_id": None,
    }  # fmt: skip
    digest = salted_digest({name: row.get(name, "") for name in DIGESTED}, salt)
    moment = at.isoformat(timespec="microseconds")
    body = {
        "report_id": str(key), "type": "occurrence", "channel": "110", "kind": "12P04", "place": "410105",
        "occurred_at": moment, "flags": [],
    }  # fmt: skip
    rows = [{"model": "reports.Report", "id": str(key), "v": 1, "digest": digest}]
    texts = [
        str(_id(dice, at, number)), "bench", "reports.received/1", str(key), json.dumps(body),
        json.dumps(rows), str(holder), moment, moment,
    ]  # fmt: skip
    return row, texts


def _id(dice: random.Random, at: datetime, number: int) -> uuid.UUID:
    """As the node makes them: in order of time (kernel/ids), so that rows lie in the order of their ids."""
    ms = int(at.timestamp() * 1000)
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | (number & 0xFFF) << 64 | 0b10 << 62 | dice.getrandbits(62))


def _put(link: sqlite3.Connection, columns: list[str], rows: list[dict[str, Any]]) -> None:
    marks = ", ".join("?" * len(columns))
    link.executemany(
        f"INSERT INTO reports_report ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - names of its own table
        [[_value(row.get(name, "")) for name in columns] for row in rows],
    )


def _value(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, dict | list) else value


def _as_kept(texts: list[str | None]) -> list[str | None]:
    """The texts of an entry as SQLite keeps them."""
    entry_id, node, kind, subject, body, rows, by, at, recorded_at = (str(one) for one in texts)
    at, recorded_at = (f"{one[:10]} {one[11:26]}" for one in (at, recorded_at))
    return [entry_id.replace("-", ""), node, kind, subject, body, rows, by.replace("-", ""), at, recorded_at]


def _head(number: int, before: str, entries: str) -> str:
    content = {
        "epoch": 1, "number": number, "before": before, "entries": entries, "receipts": "",
        "receipts_sha256": "", "more": False, "last": "",
    }  # fmt: skip
    return "jingwei seal/1\n" + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _keep(
    link: sqlite3.Connection, seal: tuple[int, int], grown: Any, span: tuple[int, int],
    head: str, leaves: list[bytes], note: str, point: Checkpoint,
) -> None:  # fmt: skip
    """Store a seal: its number and the place of its head, the numbers of its first and last entry."""
    number, first = seal
    at = point.sealed_at.strftime("%Y-%m-%d %H:%M:%S.%f")
    link.execute(
        "INSERT INTO seals_seal (number, epoch, first, size, least, most, head, leaves, note, sealed_at) "
        "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, first, point.size, *span, head, b"".join(leaves), note, at),
    )
    for run in grown.runs:
        if run.level and run.level % 8 == 0:
            link.executemany(
                'INSERT INTO seals_subtree (epoch, level, "index", hash) VALUES (1, ?, ?, ?)',
                [(run.level, run.start + place, one) for place, one in enumerate(run.hashes)],
            )


def free_enough(folder: Path, entries: int) -> bool:
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize > entries * _BYTES_AN_ENTRY
