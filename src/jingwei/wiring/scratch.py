"""A node that lives for one command: its own database in a temporary folder."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jingwei.kernel.moments import By

from .demo_places import ZHENGZHOU, DemoPlace


@contextmanager
def scratch_node(*, roster: str = "", place: DemoPlace = ZHENGZHOU) -> Iterator[By]:
    """Bring up an empty node with reference data and cast; yields the operator's holding.

    Must come before Django starts in this process.
    """
    with tempfile.TemporaryDirectory(prefix="jingwei-scratch-") as folder:
        place.set_country()
        os.environ["JINGWEI_HOME"] = folder
        os.environ["JINGWEI_DATABASE"] = f"sqlite:///{folder}/scratch.sqlite3"
        os.environ["JINGWEI_NODE"] = "scratch"
        from .start import start

        start()
        from django.db import connections

        from .prepare import make_demo_node

        _hurry()
        try:
            yield make_demo_node(os.urandom(12).hex(), roster=roster, place=place)
        finally:
            connections.close_all()


def _hurry() -> None:
    """Spare what serves a node that is kept: nobody misses this one after a power cut, or its garbage."""
    from django.db import connections

    options = connections.settings["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever is done to the scratch node's database within is undone after: its file is put back."""
    from django.db import connections

    connections.close_all()
    file = Path(os.environ["JINGWEI_DATABASE"].removeprefix("sqlite:///"))
    kept = file.with_suffix(".kept")
    shutil.copyfile(file, kept)
    try:
        yield
    finally:
        connections.close_all()
        for beside in ("-wal", "-shm"):
            Path(f"{file}{beside}").unlink(missing_ok=True)
        shutil.copyfile(kept, file)  # into the same file: a node does not write on in another one
