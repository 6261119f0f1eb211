"""`jingwei migrate`: a node's data brought to this release, after a backup of it as it was."""

import sys
import time
from contextlib import nullcontext
from pathlib import Path

from django.conf import settings
from django.db import connection

from jingwei.doors.entry.moments import real_now
from jingwei.wiring.migrate import migrate
from jingwei.wiring.release import check_not_newer, has_entries, list_pending

from .make import backup


def upgrade(*, backup_first: bool = True) -> int:
    """Migrate. A node that has entries and steps before it is written into `backups` of its home first.

    Here, and nowhere else, a database is made where there is none.
    """
    began = time.monotonic()
    with getattr(connection, "unguarded", nullcontext)():
        check_not_newer()
        pending = list_pending()
    if pending and backup_first and has_entries():
        folder = Path(settings.HOME) / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = backup(folder, at=real_now(), say=lambda what: _say(began, what))
        _say(began, f"as it was: {made.file}; to go back, restore it with the release before")
    _say(began, f"{len(pending)} steps to this release")
    migrate(verbosity=1)
    _say(began, "done")
    return 0


def _say(began: float, what: str) -> None:
    print(f"  {time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)
