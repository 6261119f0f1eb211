"""A problem and a plan as bytes between two processes. The travel times go as plain 64-bit floats."""

from array import array
from typing import Any

import msgspec

from jingwei.engines.dispatch.model import Problem, Proposal

_question = msgspec.msgpack.Decoder(Problem)
_answer = msgspec.msgpack.Decoder(Proposal)


def question(problem: Problem) -> bytes:
    rows = problem.travel_s
    columns = len(rows[0]) if len(rows) else 0
    if hasattr(rows, "astype"):
        raw = rows.astype("<f8").tobytes()
    else:
        flat = array("d", (float(x) for row in rows for x in row))
        raw = flat.tobytes()
    return msgspec.msgpack.encode(msgspec.structs.replace(problem, travel_s=[columns, raw]))


def read_question(data: bytes, matrix: Any) -> Problem:
    """`matrix(raw, columns)` makes the rows of the bytes."""
    problem = _question.decode(data)
    columns, raw = problem.travel_s
    return msgspec.structs.replace(problem, travel_s=matrix(raw, columns))


def answer(proposal: Proposal) -> bytes:
    return msgspec.msgpack.encode(proposal)


def read_answer(data: bytes) -> Proposal:
    return _answer.decode(data)
