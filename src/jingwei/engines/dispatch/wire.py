"""A problem and a plan as bytes between two processes. The travel times go as plain 64-bit floats."""

from array import array
from typing import Any

import msgspec

from jingwei.engines.dispatch.model import Future, Problem, Proposal


class Question(msgspec.Struct):
    problem: Problem
    futures: tuple[Future, ...]


_question = msgspec.msgpack.Decoder(Question)
_answer = msgspec.msgpack.Decoder(Proposal)


def question(problem: Problem, futures: tuple[Future, ...] = ()) -> bytes:
    rows = problem.travel_s
    columns = len(rows[0]) if len(rows) else 0
    if hasattr(rows, "astype"):
        raw = rows.astype("<f8").tobytes()
    else:
        flat = array("d", (float(x) for row in rows for x in row))
        raw = flat.tobytes()
    sent = msgspec.structs.replace(problem, travel_s=[columns, raw])
    return msgspec.msgpack.encode(Question(sent, futures))


def read_question(data: bytes, matrix: Any) -> Question:
    """`matrix(raw, columns)` makes the rows of the bytes."""
    asked = _question.decode(data)
    columns, raw = asked.problem.travel_s
    return Question(msgspec.structs.replace(asked.problem, travel_s=matrix(raw, columns)), asked.futures)


def answer(proposal: Proposal) -> bytes:
    return msgspec.msgpack.encode(proposal)


def read_answer(data: bytes) -> Proposal:
    return _answer.decode(data)
