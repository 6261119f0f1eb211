"""One node at work: the front, and the worker beside it, each a process; the worker is started again."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

log = logging.getLogger(__name__)

STATIC = Path(__file__).resolve().parent.parent / "doors" / "web" / "static"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Worker:
    """The worker process, started again when it ends by itself."""

    def __init__(self, extra: list[str]) -> None:
        self.extra = extra
        self.stop = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def _keep(self) -> None:
        while not self.stop.is_set():
            self.process = subprocess.Popen([sys.executable, "-m", "jingwei.wiring", "worker", *self.extra])
            code = self.process.wait()
            if not self.stop.is_set():
                log.error("the worker ended with %s; starting it again", code)
                self.stop.wait(1)

    def end(self) -> None:
        self.stop.set()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def serve(*, host: str, port: int, worker: bool = True, case: str = "") -> int:
    """Serve until stopped. With `case`, the worker also plays that case by the scenario clock."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    keeper = Worker(["--case", case] if case else [])
    if worker:
        keeper.start()
    # the pages' processes are children too: they inherit the settings from the environment
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.wiring.settings")
    front = Granian(
        "jingwei.wiring.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        static_path_mount=[STATIC],
        static_path_route=["/static"],
        static_path_expires=3600,
        respawn_failed_workers=True,
    )
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        front.serve()
    finally:
        keeper.end()
    return 0
