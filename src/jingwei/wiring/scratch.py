"""A node that lives for one command: its own database in a temporary folder."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from jingwei.kernel.moments import By


@contextmanager
def scratch_node(*, roster: str = "zhengzhou") -> Iterator[By]:
    """Bring up an empty node with reference data and cast; yields the operator's holding.

    Must come before Django starts in this process.
    """
    with tempfile.TemporaryDirectory(prefix="jingwei-scratch-") as folder:
        os.environ["JINGWEI_HOME"] = folder
        os.environ["JINGWEI_DATABASE"] = f"sqlite:///{folder}/scratch.sqlite3"
        os.environ["JINGWEI_NODE"] = "scratch"
        from .start import start

        start()
        from django.db import connections

        from .prepare import make_demo_node

        try:
            yield make_demo_node(os.urandom(12).hex(), roster=roster)
        finally:
            connections.close_all()
