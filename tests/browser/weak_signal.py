"""Weak signal between a phone and the node: real sockets, which pass, swallow or hold answers."""

import contextlib
import socket
import threading
from collections.abc import Iterator

PIECE = 65536


class WeakSignal:
    """Listens on a port of its own and passes bytes on, to `upstream` (a port; 0: nobody answers).

    `swallow` takes the node's answers to requests whose line holds these bytes away: the node has done its
    part, and the phone never hears of it. `hold` keeps them back until `release`.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream, self.swallow, self.hold = upstream, b"", b""
        self.swallowed = 0
        self.held, self.release = threading.Event(), threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.release.set()
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self._door.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        try:
            node = socket.create_connection(("127.0.0.1", self.upstream), timeout=5)
            node.settimeout(None)
        except OSError:
            phone.close()
            return
        said = [b""]
        threading.Thread(target=self._back, args=(node, phone, said), daemon=True).start()
        with contextlib.suppress(OSError):
            while piece := phone.recv(PIECE):
                if piece.startswith((b"GET ", b"POST ")):
                    said[0] = piece.split(b"\r\n", 1)[0]
                node.sendall(piece)
        for one in (node, phone):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _back(self, node: socket.socket, phone: socket.socket, said: list[bytes]) -> None:
        with contextlib.suppress(OSError):
            while piece := node.recv(PIECE):
                if self.swallow and self.swallow in said[0]:
                    self.swallowed += 1
                    break
                if self.hold and self.hold in said[0]:
                    self.held.set()
                    self.release.wait(60)
                phone.sendall(piece)
        for one in (node, phone):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def weak_signal(upstream: int) -> Iterator[WeakSignal]:
    one = WeakSignal(upstream)
    try:
        yield one
    finally:
        one.close()
