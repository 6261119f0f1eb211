"""Which database: the address of a node's database, read from the environment."""

from pathlib import Path

import pytest

from jingwei.wiring.database.address import databases


def test_sqlite_takes_an_absolute_and_a_relative_path() -> None:
    assert (
        databases("sqlite:////var/lib/jingwei/node.sqlite3")["default"]["NAME"]
        == "/var/lib/jingwei/node.sqlite3"
    )
    assert Path(databases("sqlite:///node.sqlite3")["default"]["NAME"]).name == "node.sqlite3"


def test_sqlite_begins_immediate_and_survives_power_cuts() -> None:
    options = databases("sqlite:////x")["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_postgres_takes_user_password_host_port_and_socket() -> None:
    one = databases("postgresql://jing:w%40i@db.example:5433/node?sslmode=require")["default"]
    assert (one["USER"], one["PASSWORD"], one["HOST"], one["PORT"], one["NAME"]) == (
        "jing",
        "w@i",
        "db.example",
        "5433",
        "node",
    )
    assert one["OPTIONS"]["sslmode"] == "require"
    assert databases("postgresql://jing@/node?host=/run/pg")["default"]["HOST"] == "/run/pg"


def test_any_other_address_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match="mysql"):
        databases("mysql://x")
