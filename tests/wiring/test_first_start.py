"""The first words of the guide: `jingwei migrate` makes a node's database, and no other verb does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases

pytestmark = pytest.mark.slow


def jingwei(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("JINGWEI_", "DJANGO_"))}
    env = own | {"JINGWEI_HOME": str(home)}
    line = [sys.executable, "-m", "jingwei.wiring", *words]
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=300)


def test_a_database_is_made_by_migrate_in_an_empty_home_and_by_nothing_else(tmp_path: Path) -> None:
    if databases.on_postgres():
        return  # its database is made by whoever runs the server
    home = tmp_path / "home"
    before = jingwei(home, "serve", "--port", "1")
    assert before.returncode != 0 and not (home / "node.sqlite3").exists(), "canary: serving makes none"
    made = jingwei(home, "migrate")
    assert made.returncode == 0, made.stderr
    assert (home / "node.sqlite3").stat().st_size > 0
    again = jingwei(home, "migrate")
    assert again.returncode == 0 and "0 steps to this release" in again.stderr
