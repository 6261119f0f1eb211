"""A record whose seals were made again by somebody without the key: where true checkpoints part from it."""

import base64
from collections.abc import Iterable, Sequence

from jingwei.engines.checkpoints import unseal
from jingwei.engines.merkle import CompactRange, grow
from jingwei.engines.merkle.notes import BadSignature, MalformedNote, Verifier

from ...rules import Findings
from .trees import SealRow, name_change, read_note, split


def check_signatures(last: dict[int, str], keys: dict[int, Verifier], findings: Findings) -> set[int]:
    """The last seal of each epoch; each holds the digest of the one before, so that it signs for all.

    Returns the epochs whose signature does not hold.
    """
    forged = set()
    for epoch, note in last.items():
        verifier = keys.get(epoch)
        if verifier is None:
            findings.add("seal_broken", more=f"no key is known for epoch {epoch}")
        elif not is_signed(note, verifier):
            forged.add(epoch)
            more = f"the signature under epoch {epoch} does not hold"
            if _names(note, verifier):
                findings.add("seal_broken", more=more)
            else:
                findings.add("key_replaced", of=verifier.name, more=f"another key signed epoch {epoch}")
    return forged


def is_signed(note: str, verifier: Verifier) -> bool:
    try:
        unseal(note, node=[verifier])
    except (BadSignature, MalformedNote, ValueError):
        return False
    return True


def _names(note: str, verifier: Verifier) -> bool:
    """Whether a signature claims to be by this key: its name and id stand before it."""
    for line in note.rpartition("\n\n")[2].splitlines():
        parts = line.split(" ")
        try:
            claimed = base64.b64decode(parts[2])[: len(verifier.key_id)]
        except (IndexError, ValueError):
            continue
        if parts[1] == verifier.name and claimed == verifier.key_id:
            return True
    return False


def find_change(
    epoch: int, seals: Iterable[SealRow], kept: Sequence[str], verifier: Verifier, findings: Findings
) -> bool:
    """Name what was done, by the first true checkpoint that the record in the database does not pass through.

    `kept`: checkpoints from beside the database or from elsewhere, oldest first. A forger keeps their times,
    or they would show; by these seal and checkpoint are laid side by side.
    """
    true = {read_note(note).sealed_at: note for note in kept if is_signed(note, verifier)}
    before, leaves = CompactRange(), list[bytes]()
    for seal in seals:
        if seal.epoch != epoch:
            continue
        leaves += split(seal.leaves)
        note = true.get(read_note(seal.note).sealed_at)
        if note is None:
            continue
        checkpoint, grown = read_note(note), grow(before, leaves).range
        if (grown.size, grown.root) != (checkpoint.size, checkpoint.root):
            name_change(findings, seal.number, before, leaves, checkpoint)
            return True
        before, leaves = grown, []
    return False
