"""What lies outside the database: the node's key, and the checkpoints kept beside it or elsewhere."""

from collections.abc import Sequence

import msgspec

from jingwei.apps.journal.queries import get_node
from jingwei.engines.checkpoints import Checkpoint
from jingwei.engines.merkle.notes import MalformedNote, Verifier, read_key

from ...rules import Findings
from ..keys import KeyUnreadable, get_signer, list_kept_epochs, list_notes
from .forging import is_signed
from .scanning import Scanned
from .snapshot import Snapshot
from .trees import Walked, read_note


class Keys(msgspec.Struct, frozen=True):
    """The keys that may sign, by epoch, and whether the node's own was there to compare."""

    verifiers: dict[int, Verifier]
    own: bool


def check_keys(view: Snapshot, scanned: Scanned, published: Sequence[str], findings: Findings) -> Keys:
    """The key in the table, in the fact that began the epoch, in the home, and as published elsewhere."""
    verifiers: dict[int, Verifier] = {}
    for number, stands in view.rows("SELECT number, key FROM seals_epoch ORDER BY number"):
        key, said = stands, scanned.keys.get(number)
        if said is not None and said[1] != stands:
            findings.add(
                "key_replaced", entry=said[0], of=f"{get_node()}/{number}", more=f"the table says {stands}"
            )
            key = said[1]
        try:
            verifiers[number] = read_key(key)
        except MalformedNote:
            findings.add(
                "key_replaced", of=f"{get_node()}/{number}", more="what stands in the table is no key"
            )
    for key in published:
        name = key.partition("+")[0]
        if [v.key for v in verifiers.values() if v.name == name] != [key]:
            findings.add("key_replaced", of=name, more="it is not the published one")
    return Keys(verifiers=verifiers, own=_check_own(verifiers, findings))


def _check_own(verifiers: dict[int, Verifier], findings: Findings) -> bool:
    """The node's own key signs for the newest epoch; away from the node there is none to compare."""
    if not verifiers:
        return False
    newest = max(verifiers)
    try:
        mine = get_signer(f"{get_node()}/{newest}").verifier.key
    except KeyUnreadable:
        return False
    if mine != verifiers[newest].key:
        findings.add("key_replaced", of=verifiers[newest].name, more="the key in the home is another")
    return True


class Kept(msgspec.Struct, frozen=True):
    """Checkpoints outside the database, by epoch, oldest first, and where they lay."""

    where: str
    notes: dict[int, list[str]]

    def count(self) -> int:
        return sum(map(len, self.notes.values()))


def get_kept() -> Kept:
    """The checkpoints beside the database."""
    return Kept(where="checkpoints", notes={epoch: list_notes(epoch) for epoch in list_kept_epochs()})


def read_against(notes: Sequence[str], keys: Keys, findings: Findings) -> Kept:
    """Checkpoints kept elsewhere, whose keeper does not depend on this node: their key counts."""
    found: dict[int, list[str]] = {}
    for note in notes:
        checkpoint = _read(note)
        if checkpoint is None or checkpoint.node != get_node():
            findings.add(
                "forked", of=checkpoint.origin if checkpoint else "", more="it is not this node's checkpoint"
            )
            continue
        verifier = keys.verifiers.get(checkpoint.epoch)
        if verifier is not None and not is_signed(note, verifier):
            findings.add(
                "key_replaced", of=checkpoint.origin, more="another key signed the checkpoint kept elsewhere"
            )
        found.setdefault(checkpoint.epoch, []).append(note)
    return Kept(where="elsewhere", notes=found)


def compare(
    kept: Kept, walked: Walked, keys: Keys, judged: set[int], ended: dict[int, int], findings: Findings
) -> None:
    """Whether the record in the database passes through every checkpoint that was kept.

    `ended`: epochs that a restore ended, and their size then. What they sealed beyond was lost with the
    machine, as the restore says; only a checkpoint from elsewhere still tells of it. `judged` epochs were
    made again by a forger, and what was done is named already.
    """
    for epoch, notes in kept.notes.items():
        longest = max((size for one, size in walked.notes if one == epoch), default=0)
        for note in notes:
            found = _read(note)
            if found is None or (found.node, found.epoch) != (get_node(), epoch):
                continue
            if epoch in judged:
                break
            beyond = found.size > longest
            if beyond and epoch in ended and kept.where == "checkpoints":
                continue
            if beyond or not _passes(walked, found, note, keys):
                what = "rolled_back" if beyond else "forked"
                more = f"{kept.where}, sealed {found.sealed_at.isoformat()}; here it ends at {longest}"
                findings.add(what, of=f"{found.origin} {found.size}", more=more)
                break


def _passes(walked: Walked, found: Checkpoint, note: str, keys: Keys) -> bool:
    """The same leaves up to there; a checkpoint beside the database that nobody signed says nothing."""
    mine = walked.notes.get((found.epoch, found.size))
    if mine == note:
        return True
    seen = _read(mine) if mine else None
    if seen is not None and seen.root == found.root:
        return True
    verifier = keys.verifiers.get(found.epoch)
    return verifier is not None and not is_signed(note, verifier)


def _read(note: str) -> Checkpoint | None:
    try:
        return read_note(note)
    except MalformedNote:
        return None
