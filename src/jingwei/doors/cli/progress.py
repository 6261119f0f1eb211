"""How far a long act has come, said on a terminal."""

import sys
import time

#: Characters of a full bar.
WIDTH = 30


class Progress:
    """Says on standard error how far a long check has come, at most once a second."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._last = quiet, 0.0

    def __call__(self, part: str, share: float) -> None:
        now = time.monotonic()
        if self._quiet or now - self._last < 1.0:
            return
        self._last = now
        bar = "█" * round(share * WIDTH)
        print(f"\r{part} {bar:·<{WIDTH}} {share:4.0%} ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line to what is printed next."""
        if not self._quiet:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
