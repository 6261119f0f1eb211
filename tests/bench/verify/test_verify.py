"""The record that the check is timed on is whole, and what is hashed beside it are the very same bytes."""

import json
import sqlite3
from pathlib import Path

import pytest

from bench.node import verb
from bench.verify import bench
from bench.verify.bare import bare
from bench.verify.record import make

ENTRIES = 1_200

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "home"
    make(folder, ENTRIES)
    return folder


def test_the_check_finds_the_record_whole_and_says_what_it_took(home: Path) -> None:
    out = home / "verified.json"
    took_s, most_mib = bench._verify(make(home, ENTRIES), out)
    found = json.loads(out.read_text())
    assert found["green"] and found["entries"] > ENTRIES and took_s > 0 and most_mib > 10


def test_bare_hashing_hashes_what_the_entries_digests_were_made_of(home: Path) -> None:
    took_s, size = bare(home / "node.sqlite3", 1)
    assert took_s > 0 and size > ENTRIES * 800


def test_canary_other_bytes_are_refused_and_found(home: Path) -> None:
    with sqlite3.connect(home / "node.sqlite3") as link:
        (key, words), *_ = link.execute("SELECT id, words FROM reports_report ORDER BY rowid LIMIT 1")
        link.execute("UPDATE reports_report SET words = 'another' WHERE id = ?", (key,))
    try:
        with pytest.raises(AssertionError, match="other bytes"):
            bare(home / "node.sqlite3", 1)
        assert verb(make(home, ENTRIES), "verify", check=False).returncode == 1
    finally:
        with sqlite3.connect(home / "node.sqlite3") as link:
            link.execute("UPDATE reports_report SET words = ? WHERE id = ?", (words, key))
