"""The classes of fault: each is made, must show on the desk, and is taken away again.

Every class counts how often it fired; one that did not fire proves nothing.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image

from .checker import Doors
from .desk import Desk
from .load import Load
from .machine import DATABASE, PHOTOS, Machine
from .shim import NO_ROOM, READ_ONLY, WELL

#: Files beside the database that hold locks and nothing else.
_LOCKS = (".turn", ".first")
#: The desk says what is wrong within this long, seconds: the time in which a worker counts as silent, or a
#: writer waits for its turn, and what a page takes beside it.
SAID_WITHIN_S = 20.0
#: It is over, on the desk too, within this long after the cause is gone, seconds.
OVER_WITHIN_S = 30.0
#: How long the clock stays where it was moved, at least, seconds: a time server does not mend its own step at
#: once, and shorter ones are told in docs/operate/proof.md as not seen.
STEP_STAYS_S = 1.0


@dataclass
class Found:
    """What one class of fault did."""

    name: str
    fired: int = 0
    said: set[str] = field(default_factory=set)
    said_after_s: float | None = None
    over_after_s: float | None = None
    wrong: list[str] = field(default_factory=list)
    detail: dict[str, object] = field(default_factory=dict)


@dataclass
class Field:
    """Where faults happen: the machine, the senders, the officer at the desk."""

    machine: Machine
    load: Load
    desk: Desk
    doors: Doors
    seed: int = 1


def run_class(name: str, field_: Field, **options: int) -> Found:
    """Make one class of fault under load, and see it through."""
    found = Found(name)
    if not _until(lambda: _is_at_work(field_), 60):
        found.wrong.append("the node did not come to work")
    CLASSES[name](field_, found, **options)
    if not found.fired:
        found.wrong.append(f"{name}: did not fire")
    return found


def _is_at_work(field_: Field) -> bool:
    """Reports are taken, and the worker has fused one of them: what follows happens under load."""
    if field_.load.acked() < 10:
        return False
    mine = set(field_.load.told.acked.values())
    reports = field_.doors.get("/reports?limit=500")["reports"]
    return any(one["id"] in mine and one["incident_id"] for one in reports)  # type: ignore[attr-defined]


def kills(field_: Field, found: Found, *, count: int = 10) -> None:
    """Kill -9 of the worker, the front, the process that keeps both, and of everything at once."""
    turn = ("worker", "front", "worker", "front", "worker", "all", "worker", "front", "serve", "worker")
    for number in range(count):
        who = turn[number % len(turn)]
        _let_work(field_, field_.load.acked() + 3)
        _until(partial(field_.machine.pids, "serve" if who == "all" else who), 30)
        found.fired += _kill(field_.machine, who)
        found.detail[who] = int(str(found.detail.get(who, 0))) + 1
        if who in ("all", "serve"):
            field_.machine.kill_all() if who == "all" else field_.machine.process.wait()  # type: ignore[union-attr]
            field_.machine.serve()
        elif not _until(partial(field_.machine.pids, who), 30):
            found.wrong.append(f"the {who} was not started again")
        field_.machine.wait()


def _kill(machine: Machine, who: str) -> int:
    if who == "all":
        machine.kill_all()
        return 1
    return machine.send(who, signal.SIGKILL)


def disk_full(field_: Field, found: Found) -> None:
    _with_disk(field_, found, NO_ROOM, "disk_full")


def disk_read_only(field_: Field, found: Found) -> None:
    _with_disk(field_, found, READ_ONLY, "disk_read_only")


def _with_disk(field_: Field, found: Found, how: int, what: str) -> None:
    shim = field_.machine.shim
    before, refused = shim.get("fired_disk"), field_.load.told.answers["503"]
    restarts = field_.machine.restarts
    shim.fail_disk(how, DATABASE)
    try:
        # a server of PostgreSQL that cannot write its log ends itself: then it is gone
        _expect(field_, found, what, "database_gone" if field_.machine.server else what)
        _until(lambda: field_.load.told.answers["503"] > refused, 10)
    finally:
        shim.fail_disk(WELL)
    found.fired = shim.get("fired_disk") - before
    found.detail["refused"] = field_.load.told.answers["503"] - refused
    if not found.detail["refused"]:
        found.wrong.append(f"{found.name}: nobody was told to come back")
    _expect_over(field_, found)
    found.detail["servers started again"] = field_.machine.restarts - restarts


def photos_full(field_: Field, found: Found) -> None:
    """No room for photos alone: the report is kept, the photo is not, and both are said."""
    shim, sender = field_.machine.shim, Desk(field_.machine.url)
    before = shim.get("fired_disk")
    _photo(sender, found, "kept")
    shim.fail_disk(NO_ROOM, PHOTOS)
    try:
        _photo(sender, found, "not_kept")
        _expect(field_, found, "photos_unkept")
    finally:
        shim.fail_disk(WELL)
    found.fired = shim.get("fired_disk") - before
    _expect_over(field_, found)
    _photo(sender, found, "kept")


def _photo(sender: Desk, found: Found, wanted: str) -> None:
    out = BytesIO()
    Image.effect_noise((320, 240), time.monotonic() % 90 + 10).save(out, "JPEG")
    status, where = sender.send_photo("路面塌陷，照片如下", out.getvalue())
    if status != 302 or f"photo={wanted}" not in where:
        found.wrong.append(f"a photo: {status} {where[:200]}, not {wanted}")


def database_locked(field_: Field, found: Found, *, seconds: int = 8) -> None:
    """Another program holds the lock that every writer needs."""
    machine, refused = field_.machine, field_.load.told.answers["503"]
    address = machine.server.url("node") if machine.server else str(machine.file)
    holder = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("holder.py")), address], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert holder.stdout is not None and holder.stdin is not None
        found.fired = int(holder.stdout.readline().strip() == b"held")
        _expect(field_, found, "database_locked")
        _until(lambda: field_.load.told.answers["503"] > refused, seconds)
        holder.stdin.close()
        holder.wait(10)
    finally:
        holder.kill()
    found.detail["refused"] = field_.load.told.answers["503"] - refused
    if not found.detail["refused"]:
        found.wrong.append("database_locked: nobody was told to come back")
    _expect_over(field_, found)


def database_gone(field_: Field, found: Found) -> None:
    """PostgreSQL stopped and started; the file of SQLite moved away, and one of another kind put there."""
    machine = field_.machine
    if machine.server is not None:
        with machine.database_stopped():
            found.fired += 1
            _expect(field_, found, "database_gone")
        _expect_over(field_, found)
        return
    aside = machine.work / "aside"
    aside.mkdir(exist_ok=True)
    for content, what in ((None, "database_gone"), (b"not a database " * 1000, "database_damaged")):
        names = [p for p in machine.home.glob("node.sqlite3*") if p.suffix not in _LOCKS]
        for path in names:
            path.rename(aside / path.name)
        if content is not None:
            machine.file.write_bytes(content)
        found.fired += 1
        try:
            _expect(field_, found, what)
        finally:
            for path in machine.home.glob("node.sqlite3*"):
                if path.suffix not in _LOCKS:
                    path.unlink()
            for path in aside.iterdir():
                path.rename(machine.home / path.name)
        _expect_over(field_, found)


def worker_hung(field_: Field, found: Found) -> None:
    """A worker that stands still is noticed by its silence, said on the desk, and started again."""
    old = field_.machine.pids("worker")
    found.fired = field_.machine.send("worker", signal.SIGSTOP)
    _expect(field_, found, "worker_silent")
    if not _until(lambda: set(field_.machine.pids("worker")) - set(old), 40):
        found.wrong.append("the hung worker was not replaced")
    _expect_over(field_, found)


def clock_steps(field_: Field, found: Found) -> None:
    """The clock on the wall goes back an hour, forth two, and home again."""
    shim = field_.machine.shim
    before = shim.get("fired_clock")
    for seconds in (-3600, 3600, 0):
        acked = field_.load.acked()
        shim.move_clock(seconds)
        _expect(field_, found, "clock_stepped")
        time.sleep(STEP_STAYS_S)
        if not _until(partial(_is_beyond, field_, acked + 3), 30):
            found.wrong.append(f"nothing was taken with the clock {seconds:+d} s off")
    found.fired = shim.get("fired_clock") - before


def power_cut(field_: Field, found: Found, *, count: int = 3, deaf: int = 0) -> None:
    """Everything ends at once, and what was not synced is gone. `deaf`: a disk that lies about syncing."""
    machine = field_.machine
    took = {"writes": 0, "files": 0, "torn": 0}
    for number in range(count):
        machine.shim.set("deaf", deaf)
        machine.shim.begin_log()
        _let_work(field_, field_.load.acked() + 20 + 7 * (number % 3))
        noted = machine.shim.get("noted")
        _until(partial(_is_noted, machine, noted + 3), 10, every_s=0.002)
        lost = machine.cut_power(field_.seed + number)
        machine.shim.set("deaf", 0)
        took = {name: took[name] + getattr(lost, name) for name in took}
        found.fired += bool(lost.writes or lost.files)
        machine.power_on()
    found.detail |= took


def _let_work(field_: Field, wanted: int) -> None:
    """Until so many reports are acknowledged: a fault on an idle node proves little."""
    _until(lambda: field_.load.acked() >= wanted, 30)


def _is_beyond(field_: Field, acked: int) -> bool:
    return field_.load.acked() > acked


def _is_noted(machine: Machine, count: int) -> bool:
    """Writes have just been noted that are hardly synced yet."""
    return machine.shim.get("noted") > count


def _expect(field_: Field, found: Found, *whats: str) -> None:
    """The desk says one of these."""
    said: set[str] = set()

    def is_said(now: set[str]) -> bool:
        said.update(now)
        return bool(now & set(whats))

    took = field_.desk.sees(is_said, SAID_WITHIN_S)
    if took is None:
        found.wrong.append(f"{found.name}: the desk does not say {' or '.join(whats)}, but {said}")
    else:
        found.said |= said & set(whats)
        found.said_after_s = max(found.said_after_s or 0.0, round(took, 2))


def _expect_over(field_: Field, found: Found) -> None:
    before = field_.load.acked()
    took = field_.desk.sees(lambda said: not said - {"clock_stepped"}, OVER_WITHIN_S)
    if took is None:
        found.wrong.append(f"{found.name}: the desk still says {field_.desk.troubles()}")
    elif not _until(lambda: field_.load.acked() > before, 30):
        found.wrong.append(f"{found.name}: nothing is taken afterwards")
    else:
        found.over_after_s = max(found.over_after_s or 0.0, round(took, 2))


def _until(is_so: Callable[[], object], within_s: float, *, every_s: float = 0.1) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(every_s)
    return False


CLASSES: dict[str, Callable[..., None]] = {
    "kills": kills,
    "disk_full": disk_full,
    "disk_read_only": disk_read_only,
    "photos_full": photos_full,
    "database_locked": database_locked,
    "database_gone": database_gone,
    "worker_hung": worker_hung,
    "clock_steps": clock_steps,
    "power_cut": power_cut,
}
