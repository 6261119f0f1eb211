"""`jingwei replay CASE --as rules`: a case as recorded beside the case as the rules say.

Each track is played on a scratch node. A node that is to keep the outcome has it computed by another process,
for a process has one database.
"""

import _thread
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from jingwei.apps.assessments.facts import Compared
from jingwei.kernel.moments import By

from .prepare import Say, real_moment
from .start import KEEPER, is_kept

log = logging.getLogger(__name__)


def run(name: str, *, delay_min: float | None, json_path: str | None, store: bool) -> int:
    """Compute, print, write, keep; 1 when a reaction failed, else 0."""
    if store:
        return _store(name, delay_min=delay_min, json_path=json_path)
    if KEEPER in os.environ:
        _end_with_keeper()
    found = compare(name, delay_min=delay_min, say=_say_to_stderr)
    from jingwei.doors.replay.comparison_table import print_comparison
    from jingwei.doors.replay.run import lang_of

    print_comparison(found, sys.stdout, lang=lang_of(os.environ))
    if json_path:
        Path(json_path).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    return 1 if found.failures else 0


def compare(name: str | Path, *, delay_min: float | None = None, say: Say = lambda _: None) -> Compared:
    """Both tracks of the case. Must come before Django starts in this process."""
    from .scratch import put_back, scratch_node

    started = time.monotonic()
    say("scratch node: reference data and cast")
    with scratch_node():
        from jingwei.doors.replay.as_rules import DELAY
        from jingwei.doors.replay.case import read_case
        from jingwei.doors.replay.comparing import put_together, run_as_recorded, run_as_rules

        from .reactions import TICKS
        from .worker import settle

        case = read_case(name)
        delay = DELAY if delay_min is None else timedelta(minutes=delay_min)
        with put_back():
            say("as recorded: every row of the case")
            recorded = run_as_recorded(case, settle=settle)
        say("as the rules say: the same reports, decided by the posts that may")
        said = run_as_rules(case, ticks=TICKS, delay=delay)
        return put_together(case, recorded, said, delay=delay, took_s=time.monotonic() - started)


#: How long it may take, seconds. Source: our estimate, ten times what a storm of six days took, 2026-11-22.
LONGEST_S = 1800.0


#: How far below the node's own work it stands.
#: Source: our estimate, the worker and the pages go first, 2026-11-22.
NICE = 10


class Computing:
    """A comparison computed by another process, beside what this one does meanwhile.

    `said` is a file of that process's steps, a line each; it is there until the outcome was fetched.
    """

    def __init__(self, name: str, *, delay_min: float | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="jingwei-compare-")
        folder = Path(self._folder.name)
        self.said, self._file = folder / "said", folder / "compared.json"
        self.given_up = False
        line = [sys.executable, "-m", "jingwei.wiring", "replay", name, "--as", "rules"]
        line += ["--json", str(self._file)]
        if delay_min is not None:
            line += ["--delay", f"{delay_min:g}"]
        taken = ("JINGWEI_DATABASE", "JINGWEI_NODE", "JINGWEI_HOME")
        env = {k: v for k, v in os.environ.items() if k not in taken}
        env["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        env[KEEPER], env["TMPDIR"] = (
            str(os.getpid()),
            str(folder),
        )  # its scratch goes with the folder
        with self.said.open("w") as said:
            self._process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=said)

    def result(self) -> Compared:
        """The outcome; waits for it. Raises `RuntimeError` when it could not be computed."""
        try:
            self._process.wait(LONGEST_S)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            raise RuntimeError(f"not computed within {LONGEST_S:.0f} s") from error
        if self.given_up or not self._file.exists():
            raise RuntimeError("" if self.given_up else self.said.read_text(errors="replace")[-2000:])
        return msgspec.json.decode(self._file.read_bytes(), type=Compared)

    def give_up(self) -> None:
        """End it, if it still runs, and leave nothing of it behind."""
        self.given_up = True
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


@contextmanager
def kept_beside(computing: Computing, *, by: By) -> Iterator[None]:
    """Keep the outcome as soon as it is there, while the block runs; with the block the computing ends."""
    from jingwei.doors.entry import comparing

    os.environ[comparing.VARIABLE] = str(computing.said)
    thread = threading.Thread(target=_keep_when_there, args=(computing, by), name="comparison", daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.environ.pop(comparing.VARIABLE, None)
        computing.give_up()
        thread.join(ENDS_WITHIN_S)


#: How long what is being kept may take to end, seconds. Source: our estimate, one row is written, 2026-11-22.
ENDS_WITHIN_S = 5.0


def _keep_when_there(computing: Computing, by: By) -> None:
    from django.db import connections

    try:
        keep(computing.result(), by=by)
    except Exception:
        if not computing.given_up:
            log.exception("the comparison could not be kept")
    finally:
        connections.close_all()
        computing.said.unlink(missing_ok=True)


def _end_with_keeper() -> None:
    """End when the process that asked for the outcome has ended: nobody waits for it any more."""
    os.nice(NICE)
    kept = is_kept()

    def watch() -> None:
        while kept():
            time.sleep(0.5)
        _thread.interrupt_main()

    threading.Thread(target=watch, name="keeper-watch", daemon=True).start()


def keep(found: Compared, *, by: By) -> uuid.UUID:
    """Keep the outcome on this node."""
    from jingwei.apps.assessments.actions import keep_comparison

    return keep_comparison(found, by=by, moment=real_moment())


def _store(name: str, *, delay_min: float | None, json_path: str | None) -> int:
    _say_to_stderr("computing on scratch nodes")
    computing = Computing(name, delay_min=delay_min)
    try:
        found = computing.result()
    finally:
        computing.give_up()
    from .start import start

    start()
    from jingwei.apps.agencies.queries import get_operator

    kept = keep(found, by=get_operator(at=real_moment().at))
    print(f"{kept}  {found.took_s:.1f} s")
    if json_path:
        Path(json_path).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    return 1 if found.failures else 0


def _say_to_stderr(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
