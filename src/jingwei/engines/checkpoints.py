"""Checkpoints: what a node says its sealed journal is, signed, so that it cannot say otherwise later.

A C2SP tlog-checkpoint. Origin (node and epoch; a restored node begins a new epoch), number of sealed entries,
root; then lines of our own that name the algorithms and the time of sealing; then who signed:

    river.example/1
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    hash sha256
    signature ed25519
    sealed 2026-11-22T08:00:00.000000+00:00

    — river.example/1 Az3grlgt…
    — province.example jWbPPwAA…
"""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from jingwei.kernel.canonical import canonical

from .merkle import HASH_BYTES, leaf_hash, verify_consistency, verify_inclusion
from .merkle.notes import (
    NAME,
    MalformedNote,
    Signer,
    UnknownAlgorithm,
    Verifier,
    add_signature,
    from_base64,
    open_note,
    sign_note,
)
from .merkle.notes import BadSignature as BadSignature
from .merkle.notes import Ed25519Signer as Ed25519Signer
from .merkle.notes import Ed25519Verifier as Ed25519Verifier
from .merkle.notes import read_key as read_key

#: Algorithms a checkpoint may name, for the tree and for the node's own signature. Source: RFC 9162 section
#: 10.2.1 (SHA-256), RFC 8032 section 5.1 (Ed25519).
HASHES, SIGNATURES = ("sha256",), ("ed25519",)

#: Names the form of an exported proof. Source: our own, docs/decisions/0006-seals.md.
PROOF_1 = "jingwei proof/1"

#: A number in its one form. Source: C2SP tlog-checkpoint, "Note text": decimal, no leading zeroes.
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(msgspec.Struct, frozen=True):
    """A node's journal in one epoch as it was sealed: how many entries, and the root over them.

    `sealed_at` is the node's real time, so that an entry which claims to be much older shows.
    """

    node: str
    epoch: int
    size: int
    root: bytes
    sealed_at: datetime
    hash: str = "sha256"
    signature: str = "ed25519"

    @property
    def origin(self) -> str:
        return f"{self.node}/{self.epoch}"

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return (
            f"{self.origin}\n{self.size}\n{root}\n"
            f"hash {self.hash}\nsignature {self.signature}\nsealed {canonical(self.sealed_at)}\n"
        )


class Sealed(msgspec.Struct, frozen=True):
    """A checkpoint whose signatures hold. `keys` are the node's, `witnesses` those of others who saw it."""

    checkpoint: Checkpoint
    keys: tuple[str, ...]
    witnesses: tuple[str, ...]
    note: str


class Verdict(StrEnum):
    """How a checkpoint stands to one we kept."""

    SAME = "same"
    EXTENDS = "extends"
    #: Fewer entries than it has already signed for: an older database, or an older copy.
    ROLLED_BACK = "rolled back"
    #: It does not begin with what it signed before: two histories under one name.
    FORKED = "forked"
    #: Larger, but nothing was given that could show that it extends. Never take it for the new state.
    UNPROVEN = "unproven"
    OTHER_LOG = "other log"
    OTHER_EPOCH = "other epoch"
    #: None of the keys that signed the one we kept has signed it.
    KEY_CHANGED = "key changed"


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint's text as values; says nothing of signatures.

    Raises `UnknownAlgorithm`, or `MalformedNote` for anything but the one form.
    """
    lines = text.split("\n")
    if len(lines) != 7:
        raise MalformedNote("a checkpoint has six lines")
    node, _, epoch = lines[0].rpartition("/")
    if not NAME.fullmatch(node) or not _NUMBER.fullmatch(epoch) or not _NUMBER.fullmatch(lines[1]):
        raise MalformedNote("a checkpoint begins with node/epoch and the number of entries")
    found = Checkpoint(
        node=node,
        epoch=int(epoch),
        size=int(lines[1]),
        root=from_base64(lines[2]),
        hash=_known(lines[3], "hash", HASHES),
        signature=_known(lines[4], "signature", SIGNATURES),
        sealed_at=_time(lines[5]),
    )
    if len(found.root) != HASH_BYTES or found.text != text:
        raise MalformedNote("a checkpoint in another form than its own")
    return found


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """The node's signed checkpoint. The signer's name must be the origin, its algorithm the one named."""
    if read_checkpoint(checkpoint.text) != checkpoint:
        raise MalformedNote("a checkpoint that would not read back as itself")
    if signer.verifier.name != checkpoint.origin:
        raise ValueError(f"{signer.verifier.name} cannot sign for {checkpoint.origin}")
    if signer.verifier.algorithm != checkpoint.signature:
        raise UnknownAlgorithm(f"{checkpoint.signature} is named, {signer.verifier.algorithm} is used")
    return sign_note(checkpoint.text, signer)


def cosign(sealed: Sealed, witness: Signer) -> str:
    """The note with a witness's signature. The witness has compared it with what it saw before."""
    return add_signature(sealed.note, witness)


def unseal(note: str, *, node: Sequence[Verifier], witnesses: Sequence[Verifier] = ()) -> Sealed:
    """A signed checkpoint, its signatures checked against the keys we hold.

    Raises `BadSignature` unless one of the node's keys, named as the origin, has signed.
    """
    opened = open_note(note, [*node, *witnesses])
    checkpoint = read_checkpoint(opened.text)
    keys = tuple(v.key for v in opened.signed_by if v in node and v.name == checkpoint.origin)
    if not keys:
        raise BadSignature(f"not signed by a known key of {checkpoint.origin}")
    seen_by = tuple(v.key for v in opened.signed_by if v in witnesses)
    return Sealed(checkpoint=checkpoint, keys=keys, witnesses=seen_by, note=note)


def compare(old: Sealed, new: Sealed, path: Sequence[bytes] | None = None) -> Verdict:
    """Whether the journal behind `new` still begins with the one behind `old`, which we kept elsewhere.

    `path` is a consistency path between the two sizes. One that does not hold counts as a fork: who cannot
    show that nothing was changed is not believed.
    """
    was, is_ = old.checkpoint, new.checkpoint
    if was.node != is_.node:
        return Verdict.OTHER_LOG
    if was.epoch != is_.epoch:
        return Verdict.OTHER_EPOCH
    if not set(old.keys) & set(new.keys):
        return Verdict.KEY_CHANGED
    if is_.size < was.size:
        return Verdict.ROLLED_BACK
    if is_.size == was.size:
        return Verdict.SAME if is_.root == was.root else Verdict.FORKED
    if path is None:
        return Verdict.UNPROVEN
    extends = verify_consistency(
        first=was.size, second=is_.size, path=path, first_root=was.root, second_root=is_.root
    )
    return Verdict.EXTENDS if extends else Verdict.FORKED


def includes(checkpoint: Checkpoint, leaf: bytes, *, index: int, path: Sequence[bytes]) -> bool:
    """Whether the leaf is entry number `index` (from 0) of what the checkpoint sealed."""
    return verify_inclusion(
        leaf_hash(leaf), index=index, size=checkpoint.size, path=path, root=checkpoint.root
    )


def proof_of(sealed: Sealed, leaf: bytes, *, index: int, path: Sequence[bytes]) -> dict[str, object]:
    """A proof to hand out, as JSON values; docs/verify_proof.py checks it without this program."""
    if not includes(sealed.checkpoint, leaf, index=index, path=path):
        raise ValueError("this path does not prove the entry")
    return {
        "form": PROOF_1,
        "leaf": base64.b64encode(leaf).decode(),
        "index": index,
        "size": sealed.checkpoint.size,
        "path": [base64.b64encode(one).decode() for one in path],
        "checkpoint": sealed.note,
        "key": sealed.keys[0],
    }


def _known(line: str, word: str, allowed: tuple[str, ...]) -> str:
    said, _, name = line.partition(" ")
    if said != word:
        raise MalformedNote(f"no line '{word}'")
    if name not in allowed:
        raise UnknownAlgorithm(f"no way to check {word} {name}")
    return name


def _time(line: str) -> datetime:
    word, _, text = line.partition(" ")
    try:
        at = datetime.fromisoformat(text)
        if word != "sealed" or at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedNote("the last line is 'sealed' and a time with its zone") from None
