"""Who sends: a process of its own that keeps a number of connections busy and costs little.

    python -m bench.intake.sender < order.json

Bodies are made before the first is sent. Without a pace every connection sends its next body as soon as it is
answered; with one, bodies are due at fixed times whatever the node does, and their time counts from then.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter, deque
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bench.intake.telling import Teller
from bench.node import ROOT

#: What is refused is sent again after this, seconds, and given up after so many times.
#: Source: our estimate, as the node's Retry-After asks, 2026-11-22.
AGAIN_S, MOST_TRIES = 2.0, 30
#: How long the answers may take once everything is sent, seconds.
LAST_S = 90.0
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Order(msgspec.Struct):
    """What to send: reports by number, so many to a body, over so many connections."""

    url: str
    path: str
    token: str
    name: str
    seed: int
    begun_at: str
    first: int
    count: int
    per_body: int
    connections: int
    out: str
    marked: bool = False
    per_s: float = 0.0  # reports a second; 0: as fast as they are answered

    def teller(self) -> Teller:
        return Teller(
            self.name, seed=self.seed, begun_at=datetime.fromisoformat(self.begun_at),
            per_s=self.per_s or 1_000.0, marked=self.marked,
        )  # fmt: skip


class Sent(msgspec.Struct):
    """What came of it. `ids`: number of a report to its id; `marked`: to when it was acknowledged."""

    began: float  # monotonic seconds, the same clock for all processes of a machine
    took_s: float
    cpu_s: float
    ids: dict[int, str]
    answered_ms: list[float]  # of each body: from being sent, or due, to the whole answer
    late_ms: list[float]  # of each body with a pace: how long after it was due it was sent
    statuses: dict[int, int]
    marked: dict[int, float]
    given_up: int = 0


class Line(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self, sending: "Sending") -> None:
        self.sending, self.buffer = sending, bytearray()
        self.index = -1
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        found = _LENGTH.search(self.buffer, 0, head)
        size = int(found[1]) if found else 0
        if len(self.buffer) >= head + 4 + size:
            status, body = int(self.buffer[9:12]), bytes(self.buffer[head + 4 : head + 4 + size])
            del self.buffer[: head + 4 + size]
            self.sending.answered(self, status, body)

    def connection_lost(self, error: Exception | None) -> None:
        self.sending.lost_line(self)


class Sending:
    """One order carried out."""

    def __init__(self, order: Order) -> None:
        self.order, self.teller = order, order.teller()
        self.bodies = self._bodies()
        self.due: deque[int] = deque(range(len(self.bodies)))
        self.tries: Counter[int] = Counter()
        self.at = [0.0] * len(self.bodies)
        self.idle: list[Line] = []
        self.open = len(self.bodies)
        self.done = asyncio.Event()
        self.sent = Sent(0, 0, 0, {}, [], [], {}, {})
        self.statuses: Counter[int] = Counter()

    def _bodies(self) -> list[bytes]:
        order, where = self.order, urlsplit(self.order.url)
        head = (
            f"POST {order.path} HTTP/1.1\r\nhost: {where.netloc}\r\nauthorization: Bearer {order.token}\r\n"
            "content-type: application/json\r\ncontent-length: "
        ).encode()
        found = []
        for start in range(order.first, order.first + order.count, order.per_body):
            some = range(start, min(start + order.per_body, order.first + order.count))
            body = self.teller.body(start) if order.per_body == 1 else self.teller.bodies(some)
            found.append(head + str(len(body)).encode() + b"\r\n\r\n" + body)
        return found

    async def run(self) -> Sent:
        self.idle = [await self._line() for _ in range(self.order.connections)]
        self.sent.began, cpu = time.monotonic(), time.process_time()
        if self.order.per_s:
            await self._paced()
        else:
            for line in self.idle[: len(self.bodies)]:
                self._send(line)
        await asyncio.wait_for(self.done.wait(), LAST_S + len(self.bodies) * 0.5)
        self.sent.took_s, self.sent.cpu_s = time.monotonic() - self.sent.began, time.process_time() - cpu
        self.sent.statuses = dict(self.statuses)
        return self.sent

    async def _line(self) -> Line:
        where = urlsplit(self.order.url)
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: Line(self), where.hostname, where.port)
        return line

    async def _paced(self) -> None:
        """Each body when it is due; what finds no free connection goes as soon as there is one."""
        step, count = self.order.per_body / self.order.per_s, len(self.bodies)
        self.due.clear()
        for index in range(count):
            self.at[index] = at = self.sent.began + index * step
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            self.due.append(index)
            if self.idle:
                self._send(self.idle.pop())

    def _send(self, line: Line) -> None:
        """The next body that is due, on this connection."""
        assert line.transport is not None
        line.index = index = self.due.popleft()
        now = time.monotonic()
        if not self.order.per_s:
            self.at[index] = now
        elif not self.tries[index]:
            self.sent.late_ms.append(max(0.0, now - self.at[index]) * 1000)
        line.transport.write(self.bodies[index])

    def answered(self, line: Line, status: int, body: bytes) -> None:
        now, index, line.index = time.monotonic(), line.index, -1
        self.statuses[status] += 1
        if status in (201, 202):
            self._taken(index, now, body)
        else:
            self._again(index)
        if self.due:
            self._send(line)
        else:
            self.idle.append(line)

    def _taken(self, index: int, now: float, body: bytes) -> None:
        self.sent.answered_ms.append((now - self.at[index]) * 1000)
        content = msgspec.json.decode(body)
        first = self.order.first + index * self.order.per_body
        for number, one in enumerate(content.get("reports", [content]), first):
            self.sent.ids[number] = one["id"]
            if self.teller.mark_of(number):
                self.sent.marked[number] = now
        self._one_less()

    def _again(self, index: int) -> None:
        self.tries[index] += 1
        if self.tries[index] > MOST_TRIES:
            self.sent.given_up += self.order.per_body
            self._one_less()
            return
        asyncio.get_running_loop().call_later(AGAIN_S, self._due_again, index)

    def _due_again(self, index: int) -> None:
        self.due.append(index)
        if self.idle:
            self._send(self.idle.pop())

    def _one_less(self) -> None:
        self.open -= 1
        if not self.open:
            self.done.set()

    def lost_line(self, line: Line) -> None:
        """The node closed it: what it carried goes again, over a new one."""
        if self.done.is_set():
            return
        if line in self.idle:
            self.idle.remove(line)
        if line.index >= 0:
            self.statuses[0] += 1
            self._again(line.index)
        self.renewing = asyncio.ensure_future(self._renew())

    async def _renew(self) -> None:
        line = await self._line()
        if self.due:
            self._send(line)
        else:
            self.idle.append(line)


def send(order: Order) -> Sent:
    """Carry the order out in a process of its own."""
    with started(order) as process:
        if process.wait():
            raise RuntimeError(f"the sender ended with {process.returncode}")
    return read_sent(order)


def started(order: Order) -> "subprocess.Popen[bytes]":
    """The process that carries it out; it has ended when everything was answered."""
    line = [sys.executable, "-m", "bench.intake.sender"]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, cwd=ROOT)
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(order))
    process.stdin.close()
    return process


def read_sent(order: Order) -> Sent:
    return msgspec.json.decode(Path(order.out).read_bytes(), type=Sent)


def now_said() -> str:
    """The moment from which a teller's reports count."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def main() -> None:
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)

    async def carry_out() -> Sent:
        return await Sending(order).run()

    Path(order.out).write_bytes(msgspec.json.encode(asyncio.run(carry_out())))


if __name__ == "__main__":
    main()
