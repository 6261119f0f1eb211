"""Checkpoints: one form, signed, and what became of a journal since."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from jingwei.engines import checkpoints, merkle
from jingwei.engines.checkpoints import Checkpoint, Ed25519Signer, Verdict, compare, read_checkpoint, unseal
from jingwei.engines.merkle import CompactRange, MemoryLevels, SealedEntry, entry_leaf, grow
from jingwei.engines.merkle.notes import BadSignature, MalformedNote, UnknownAlgorithm

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
NODE = Ed25519Signer("river.example/1", b"n" * 32)
STRANGER = Ed25519Signer("river.example/1", b"x" * 32)
WITNESS = Ed25519Signer("province.example", b"w" * 32, witnessed_s=1_764_000_000)

ENTRIES = [
    SealedEntry(
        id=uuid.UUID(int=i),
        node="river.example",
        kind="reports.received/1",
        subject=str(i),
        body={"n": i, "place": "河口镇"},
        rows=[],
        by=None,
        at=AT,
        recorded_at=AT,
    )
    for i in range(13)
]
LEAVES = [entry_leaf(entry) for entry in ENTRIES]


def journal(leaves):
    levels = MemoryLevels()
    levels.keep(grow(CompactRange(), merkle.leaf_hashes(leaves)).runs)
    return levels


LEVELS = journal(LEAVES)


def checkpoint(size=13, levels=LEVELS, **changes):
    root = merkle.root_at(levels, size)
    return Checkpoint(
        **{"node": "river.example", "epoch": 1, "size": size, "root": root, "sealed_at": AT, **changes}
    )


def sealed(one=None, signer=NODE):
    note = checkpoints.sign(one or checkpoint(), signer)
    return unseal(note, node=[signer.verifier])


GOLDEN = """river.example/1
13
sIAsz4UjzgpJNY0ZDq+9zd5VFPz57rkPaA8dYZEt/aU=
hash sha256
signature ed25519
sealed 2026-11-22T08:00:00.000000+00:00
"""


def test_the_form_is_fixed():
    assert checkpoint().text == GOLDEN
    assert read_checkpoint(GOLDEN) == checkpoint()
    in_beijing = AT.astimezone(timezone(timedelta(hours=8)))
    assert checkpoint(sealed_at=in_beijing).text == GOLDEN


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("13\n", "013\n"),
        ("13\n", "-13\n"),
        ("13\n", "१३\n"),
        ("13\n", "13 \n"),
        ("13\n", "9" * 20 + "\n"),
        ("river.example/1", "river.example/01"),
        ("river.example/1", "river.example"),
        ("river.example/1", "/1"),
        ("river.example/1", "river example/1"),
        ("river.example/1", "river+example/1"),
        ("aU=", "aV="),
        ("aU=", "a=="),
        ("hash", "hush"),
        ("signature ", "signature"),
        ("sealed", "sailed"),
        ("+00:00", ""),
        ("+00:00", "+08:00"),
        ("+00:00", "Z"),
        (".000000", ""),
        ("2026-11-22T08", "0001-01-01T00"),
        ("sealed", "more of it\nsealed"),
        ("hash sha256\n", ""),
        ("\n", "\r\n"),
        ("+00:00\n", "+00:00"),
    ],
)
def test_no_other_form_is_read(was, becomes):
    changed = GOLDEN.replace(was, becomes)
    if was == "2026-11-22T08":
        changed = changed.replace("+00:00", "+23:00")
    assert changed != GOLDEN
    with pytest.raises(MalformedNote):
        read_checkpoint(changed)


@pytest.mark.parametrize(
    ("was", "becomes"), [("hash sha256", "hash sm3"), ("signature ed25519", "signature sm2")]
)
def test_an_algorithm_not_known_is_said_so(was, becomes):
    with pytest.raises(UnknownAlgorithm, match=becomes):
        read_checkpoint(GOLDEN.replace(was, becomes))
    word, name = becomes.split(" ")
    with pytest.raises(UnknownAlgorithm, match=becomes):
        checkpoints.sign(checkpoint(**{word: name}), NODE)


@pytest.mark.parametrize(
    "changes", [{"node": "a b"}, {"node": ""}, {"epoch": -1}, {"size": -1}, {"root": b"short"}]
)
def test_what_could_not_be_read_back_is_not_signed(changes):
    with pytest.raises(MalformedNote):
        checkpoints.sign(msgspec.structs.replace(checkpoint(), **changes), NODE)


def test_nobody_signs_for_another():
    with pytest.raises(ValueError, match="cannot sign for"):
        checkpoints.sign(checkpoint(epoch=2), NODE)


def test_no_changed_bit_of_a_signed_checkpoint_is_believed():
    note = checkpoints.sign(checkpoint(), NODE).encode()
    assert unseal(note.decode(), node=[NODE.verifier]).checkpoint == checkpoint()
    for bit in range(8 * len(note)):
        changed = bytearray(note)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((UnicodeDecodeError, MalformedNote, BadSignature)):
            unseal(changed.decode(), node=[NODE.verifier])


def test_canary_a_check_without_signatures_is_seen():
    """Without them a changed size passes: the form alone does not protect it."""
    assert read_checkpoint(GOLDEN.replace("13\n", "12\n")).size == 12


def test_signatures_of_others_are_kept_apart_from_the_nodes():
    note = checkpoints.cosign(sealed(), WITNESS)
    opened = unseal(note, node=[NODE.verifier], witnesses=[WITNESS.verifier])
    assert (opened.keys, opened.witnesses) == ((NODE.verifier.key,), (WITNESS.verifier.key,))
    assert unseal(note, node=[NODE.verifier]).witnesses == ()
    with pytest.raises(BadSignature, match="no known key"):
        unseal(note, node=[STRANGER.verifier])
    with pytest.raises(BadSignature, match="known key of river"):
        unseal(note, node=[STRANGER.verifier], witnesses=[WITNESS.verifier])
    other_name = Ed25519Signer("hill.example/1", b"h" * 32)
    with pytest.raises(BadSignature, match="known key of river"):
        unseal(checkpoints.cosign(sealed(), other_name), node=[other_name.verifier])


def verdict(old, new, *, first, second, levels=LEVELS):
    path = merkle.consistency_path(levels, first=first, second=second) if first <= second else None
    return compare(old, new, path)


@pytest.mark.parametrize(("first", "second"), [(1, 2), (4, 8), (5, 13), (8, 13), (12, 13), (0, 13)])
def test_a_journal_that_grew_extends(first, second):
    old, new = sealed(checkpoint(first)), sealed(checkpoint(second))
    assert verdict(old, new, first=first, second=second) == Verdict.EXTENDS
    assert compare(old, new) == Verdict.UNPROVEN
    assert compare(new, old) == Verdict.ROLLED_BACK


@pytest.mark.parametrize("first", [1, 4, 5, 8, 12])
def test_a_changed_past_is_a_fork(first):
    """Entry 0 was rewritten after the old checkpoint; the tree over it is sound, its past is another."""
    forged = journal([b"forged", *LEAVES[1:]])
    old = sealed(checkpoint(first))
    new = sealed(checkpoint(13, forged))
    assert verdict(old, new, first=first, second=13, levels=forged) == Verdict.FORKED
    assert compare(old, sealed(checkpoint(first, forged))) == Verdict.FORKED
    assert compare(old, new, []) == Verdict.FORKED


def test_the_same_state_sealed_again_is_the_same():
    assert compare(sealed(), sealed(checkpoint(sealed_at=AT + timedelta(days=1)))) == Verdict.SAME
    assert compare(sealed(), sealed(), []) == Verdict.SAME


def test_another_log_epoch_or_key_is_named_first():
    hill = Ed25519Signer("hill.example/1", b"n" * 32)
    restored = Ed25519Signer("river.example/2", b"n" * 32)
    assert compare(sealed(), sealed(checkpoint(node="hill.example"), hill)) == Verdict.OTHER_LOG
    assert compare(sealed(), sealed(checkpoint(epoch=2), restored)) == Verdict.OTHER_EPOCH
    assert compare(sealed(), sealed(signer=STRANGER)) == Verdict.KEY_CHANGED


def test_a_key_is_handed_over_by_signing_with_both():
    both = unseal(checkpoints.cosign(sealed(), STRANGER), node=[NODE.verifier, STRANGER.verifier])
    assert set(both.keys) == {NODE.verifier.key, STRANGER.verifier.key}
    assert compare(sealed(), both) == compare(both, sealed(signer=STRANGER)) == Verdict.SAME


def test_only_what_is_sealed_can_be_proved():
    path = merkle.inclusion_path(LEVELS, index=5, size=13)
    assert checkpoints.includes(checkpoint(), LEAVES[5], index=5, path=path)
    assert not checkpoints.includes(checkpoint(), LEAVES[6], index=5, path=path)
    with pytest.raises(ValueError, match="does not prove"):
        checkpoints.proof_of(sealed(), LEAVES[6], index=5, path=path)
