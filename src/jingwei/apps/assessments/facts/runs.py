"""A case as recorded beside the same case as the rules say: lines, the facts behind them, pairs. Pure."""

from datetime import datetime
from typing import Any, ClassVar, Literal

import msgspec

from jingwei.kernel.facts import Fact

from .checks import Assessment, Words

#: On what a line rests that a reader must know on the same line.
#: in_force: by what is known its rule was in force that day. later: its rule is of today and was not in
#: force then. undated: when its rule was in force is not known. recalled: from memory, unverified.
#: illustration: a plan made to show how a plan works. estimate: our estimate, the delay of a decision or
#: a clause of the illustration. generated: readings that a generator made.
Mark = Literal["in_force", "later", "undated", "recalled", "illustration", "estimate", "generated"]
Track = Literal["recorded", "rules"]


class Unmade(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that was not taken: no post may (`action`, in `organization`), or the action refused."""

    at: datetime
    entry_id: str
    action: str
    organization: str = ""
    refused: str = ""


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """A rule or clause a line rests on. `table` and `row` name its page; '' for a clause without one."""

    label: str
    table: str = ""
    row: str = ""
    source: str = ""
    article: str = ""
    evidence: str = ""
    marks: tuple[Mark, ...] = ()


class RunFact(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the run's journal: what was said, when, by which post ('' and `machine`: the node's own).

    `row` is the number of the case's row that a report tells; `words` are the report's.
    """

    id: str
    kind: str
    at: datetime
    post: str = ""
    by: Words = Words()
    machine: bool = False
    row: str = ""
    words: str = ""
    body: dict[str, Any] = {}


class RunLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a track. `by` empty: proposed by the machine, or told. `bases` is what it rests on.

    `what` is the sort of line; `count` how many facts of one sort stand in it; `facts` their entries;
    `action`: what nobody may do. `row`, `part`, `source`, `evidence`: of a line as recorded.
    """

    id: str
    track: Track
    at: datetime
    precision: str = "minute"
    what: str
    words: Words
    by: Words = Words()
    place: str = ""
    level: int | None = None
    count: int = 1
    action: str = ""
    bases: tuple[Basis, ...] = ()
    marks: tuple[Mark, ...] = ()
    facts: tuple[str, ...] = ()
    row: str = ""
    part: str = ""
    source: str = ""
    evidence: str = ""


class Otherwise(msgspec.Struct, frozen=True, kw_only=True):
    """What another source puts on record, the difference by it, and the line that tells it."""

    recorded: Words
    difference: Words
    line: str


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One question put to both tracks: what stands in each, the difference, and the lines of both.

    `recorded` and `difference` are by the earliest source; every other one stands in `otherwise`.
    """

    key: str
    title: Words
    recorded: Words
    rules: Words
    difference: Words
    recorded_lines: tuple[str, ...] = ()
    rules_lines: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    note: Words = Words()
    otherwise: tuple[Otherwise, ...] = ()


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """A row, or figures of a row, that the run as the rules say was not given, and why."""

    row: str
    words: str
    why: Words
    measures: tuple[str, ...] = ()


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The whole outcome: both tracks and what lies between them.

    `inputs` is the digest of the case's files; `failures` are reactions that failed in either run.
    """

    case: str
    title: Words
    delay_min: float
    inputs: str
    version: str
    from_at: datetime
    until_at: datetime
    rows: int
    told: int
    withheld: tuple[Withheld, ...]
    entries: int
    failures: int
    lines: tuple[RunLine, ...]
    pairs: tuple[Pair, ...]
    facts: tuple[RunFact, ...]
    assessment: Assessment
    took_s: float = 0.0


class CaseCompared(Fact, frozen=True, kw_only=True):
    """A case as recorded was put beside the case as the rules say, and the outcome kept."""

    KIND: ClassVar[str] = "assessments.case_compared/1"
    SUBJECT: ClassVar[str] = "comparison_id"

    comparison_id: str
    case: str
    delay_min: float
    inputs: str
    version: str
    lines: int
    took_s: float
