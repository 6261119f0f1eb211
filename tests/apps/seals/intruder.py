"""Somebody who has the machine, the database and every file of the home, but not the wish to be found."""

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from jingwei.apps.agencies.queries import find_holding_of_post, get_machine
from jingwei.apps.journal.queries import get_node
from jingwei.apps.reports.actions import attach_photo
from jingwei.apps.reports.facts import Photo
from jingwei.apps.seals import actions as seals
from jingwei.apps.seals import queries
from jingwei.apps.seals.queries.columns import entry_texts, select_entries
from jingwei.apps.seals.rules import Head, digest_of_note, read_head, read_numbers
from jingwei.engines.checkpoints import Checkpoint, Ed25519Signer, read_checkpoint, sign
from jingwei.engines.merkle import TILE_LEVELS, CompactRange, grow, leaf_hash, leaf_of_texts
from jingwei.kernel.moments import Moment
from tests import databases
from tests.builders import STORM, a_moment, holding_of, receive, settle, told

AT = datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC)


def moment(at: datetime = AT) -> Moment:
    return Moment(at=at, recorded_at=at)


def make_record(rounds: int = 4) -> None:
    """A node's afternoon: reports, a photo, incidents with their receipts, a seal every second."""
    by, public = holding_of("lisiyuan"), find_holding_of_post("4101-zbs-public", at=STORM)
    assert public is not None
    seals.begin_epoch("first_start", by=get_machine(), moment=moment())
    seals.seal_all(at=AT)
    for n in range(rounds):
        answers = receive(
            *(told(f"桥下积水 {n}-{i}", place="410105") for i in range(3)), by=(by, public)[n % 2]
        )
        settle()
        if n == 1:
            photo = Photo(content=b"the river at noon", mime="image/jpeg", width=4, height=3)
            attach_photo(answers[0].id, photo, by=public, moment=a_moment())
        seals.seal_all(at=AT + timedelta(seconds=n + 1))


@contextmanager
def raw(name: str) -> Iterator[Callable[..., list[Any]]]:
    """SQL past everything of ours: triggers gone, keys of other tables not asked."""
    connection.close()
    if databases.on_postgres():
        import psycopg

        link: Any = psycopg.connect(databases.url_of(name), autocommit=True)
        link.execute("SET session_replication_role = replica")
    else:
        link = sqlite3.connect(databases._name_in_settings(name), isolation_level=None)
        for (trigger,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            link.execute(f'DROP TRIGGER "{trigger}"')

    def do(statement: str, *values: Any) -> list[Any]:
        done = link.execute(statement.replace("?", "%s") if databases.on_postgres() else statement, values)
        return list(done.fetchall()) if done.description else []

    try:
        yield do
    finally:
        link.close()


Do = Callable[..., list[Any]]


def as_kept(value: str) -> str:
    """An id as this database keeps it."""
    return value if databases.on_postgres() else value.replace("-", "")


def seal_numbers(do: Do, number: int) -> list[int]:
    """Numbers of the entries of a seal."""
    ((text,),) = do("SELECT head FROM seals_seal WHERE number = ?", number)
    return [n for run in read_numbers(read_head(text).entries) for n in run]


def cover_traces(do: Do, *, signer: Ed25519Signer | None = None, files: bool = False) -> None:
    """Make every seal fit the entries as they are now: heads, hashes, subtrees, roots, digests of seals.

    Without the node's key: the old signatures are left below, or a key of one's own signs.
    """
    vendor = "postgresql" if databases.on_postgres() else "sqlite"
    of = entry_texts(vendor)
    there = {row[0]: row for row in map(of, do(select_entries(vendor, "seq > 0")))}
    sealed: list[int] = []
    do("DELETE FROM seals_subtree")
    tree, before, notes = CompactRange(), "", list[str]()
    rows = do("SELECT number, head, note FROM seals_seal ORDER BY number")
    for number, text, note in rows:
        head, old = read_head(text), read_checkpoint(note.partition("\n\n")[0] + "\n")
        meant = _numbers(head, there, last=number == rows[-1][0], sealed=sealed)
        head = Head(
            epoch=head.epoch, number=head.number, before=before, entries=meant, receipts=head.receipts,
            receipts_sha256=_receipts(do, head), more=head.more, last=head.last,
        )  # fmt: skip
        numbers = [n for run in read_numbers(meant) for n in run]
        sealed += numbers
        hashes = [leaf_hash(head.text.encode()), *(leaf_hash(leaf_of_texts(there[n][1:])) for n in numbers)]
        grown = grow(tree, hashes)
        for run in grown.runs:
            for place, one in enumerate(run.hashes if run.level and run.level % TILE_LEVELS == 0 else ()):
                do(
                    'INSERT INTO seals_subtree (epoch, level, "index", hash) VALUES (?, ?, ?, ?)',
                    head.epoch, run.level, run.start + place, one,
                )  # fmt: skip
        new = Checkpoint(
            node=old.node,
            epoch=old.epoch,
            size=grown.range.size,
            root=grown.range.root,
            sealed_at=old.sealed_at,
        )
        note = sign(new, signer) if signer else f"{new.text}\n{note.partition(chr(10) * 2)[2]}"
        do(
            "UPDATE seals_seal SET head = ?, leaves = ?, note = ?, size = ?, first = ? WHERE number = ?",
            head.text, b"".join(hashes), note, grown.range.size, tree.size, number,
        )  # fmt: skip
        tree, before = grown.range, digest_of_note(note)
        notes.append(note)
    if files:
        queries.path_of_notes(1).write_text("".join(f"{note}\n" for note in notes))


def _numbers(head: Head, there: dict[int, Any], *, last: bool, sealed: Sequence[int]) -> str:
    from jingwei.apps.seals.rules import write_numbers

    kept = [n for run in read_numbers(head.entries) for n in run if n in there]
    if last:
        kept += [n for n in sorted(there) if n > max([*sealed, *kept], default=0)]
    return write_numbers(kept)


def _receipts(do: Do, head: Head) -> str:
    return head.receipts_sha256


def own_key() -> Ed25519Signer:
    """A key of the intruder's own under the node's name."""
    return Ed25519Signer(f"{get_node()}/1", secrets.token_bytes(32))


def take_over_key(do: Do, signer: Ed25519Signer, seed: bytes) -> None:
    """Put the intruder's key everywhere: file, table, and the fact that began the epoch."""
    import base64

    queries.path_of_key().write_bytes(b"jingwei seal key/1\n" + base64.b64encode(seed) + b"\n")
    do("UPDATE seals_epoch SET key = ?", signer.verifier.key)
    ((seq, body),) = do(
        "SELECT seq, CAST(body AS TEXT) FROM journal_entry WHERE kind = 'seals.epoch_begun/1'"
    )
    content = json.dumps({**json.loads(body), "key": signer.verifier.key})
    do(
        f"UPDATE journal_entry SET body = {'?::jsonb' if databases.on_postgres() else '?'} WHERE seq = ?",
        content,
        seq,
    )


def photo_path() -> Path:
    (path,) = (Path(settings.HOME) / "photos").iterdir()
    return path
