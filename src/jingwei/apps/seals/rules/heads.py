"""What a seal says of what it covers, and how much is sealed at once. Decides, never fetches."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from .clocks import Clock

#: Begins the first leaf of every seal. Source: our own, docs/decisions/0006-seals.md.
SEAL_1 = "jingwei seal/1\n"
#: Entries and receipts in one seal at most. Source: our estimate, 10,000 entries are hashed in 0.1 s, so
#: that catching up with a night without a sealer leaves intake its turns, 2026-11-22.
MOST_ENTRIES, MOST_RECEIPTS = 10_000, 20_000

#: A receipt as it is sealed: the entry's id, the reaction's name, when it was recorded (canonical form).
ReceiptLine = tuple[str, str, str]


class Head(msgspec.Struct, frozen=True):
    """The first leaf of a seal: which entries and receipts it covers, by number, and what came before.

    `before` is the SHA-256 of the seal before it, empty for the very first; `last` is that whole note where
    an epoch begins. `more` says that others waited already: their seals come late, which is no fault.
    `clock` is what the sealer saw of the machine's clock; not every machine can tell.
    """

    epoch: int
    number: int
    before: str
    entries: str
    receipts: str
    receipts_sha256: str
    more: bool
    last: str = ""
    clock: Clock | None = None

    @property
    def text(self) -> str:
        content = msgspec.structs.asdict(self)
        if self.clock is None:
            del content["clock"]
        else:
            content["clock"] = msgspec.structs.asdict(self.clock)
        return SEAL_1 + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_head(text: str) -> Head:
    """A head's text as values. Raises ValueError for anything but its one form."""
    if not text.startswith(SEAL_1):
        raise ValueError("not the head of a seal")
    head = msgspec.json.decode(text[len(SEAL_1) :], type=Head)
    if head.text != text:
        raise ValueError("a head in another form than its own")
    return head


def digest_of_note(note: str) -> str:
    return hashlib.sha256(note.encode()).hexdigest()


def digest_of_receipts(lines: Iterable[ReceiptLine]) -> str:
    """SHA-256 over the receipts, a line each, in order of their numbers; empty for none."""
    text = "".join(f"{entry} {reaction} {at}\n" for entry, reaction, at in lines)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""


def write_numbers(numbers: Sequence[int]) -> str:
    """Ascending numbers in short: 3,5-9,12."""
    parts: list[str] = []
    for first, last in _runs(numbers):
        parts.append(str(first) if first == last else f"{first}-{last}")
    return ",".join(parts)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    begin = before = None
    for one in numbers:
        if begin is None or before is None:
            begin = one
        elif one != before + 1:
            yield begin, before
            begin = one
        before = one
    if begin is not None and before is not None:
        yield begin, before


def read_numbers(text: str) -> list[range]:
    """The runs of numbers that `write_numbers` wrote. Raises ValueError unless they ascend."""
    found: list[range] = []
    for part in text.split(",") if text else []:
        first, dash, last = part.partition("-")
        run = range(int(first), int(last if dash else first) + 1)
        if not run or (found and run.start < found[-1].stop):
            raise ValueError("numbers that do not ascend")
        found.append(run)
    return found
