"""Holds the lock that every writer of a database needs, until its standard input closes."""

import sqlite3
import sys


def main(address: str) -> None:
    if address.startswith("postgresql"):
        import psycopg

        with psycopg.connect(address) as link:
            link.execute("LOCK TABLE journal_entry IN EXCLUSIVE MODE")
            _hold()
    else:
        file = sqlite3.connect(address, isolation_level=None, timeout=30)
        file.execute("BEGIN IMMEDIATE")
        _hold()
        file.execute("ROLLBACK")
        file.close()


def _hold() -> None:
    print("held", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
