"""Which database: one address in the environment, the same settings for both."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .sqlite.turn import WAIT_S

#: Pages of SQLite's log at which a writer empties it: only where `checkpoint.py` does not.
#: Source: our estimate, 32 MiB, four seconds of a storm, 2026-11-29.
LONGEST = 8_000
#: PostgreSQL waits for locks no longer than SQLite does here; a line that broke without a word is noticed.
#: What is sorted stays in memory up to 32 MiB, and no question is compiled: ours are answered before that.
#: Source: our measurement, ordering 50,000 rows for a page took a fourth less time, 2026-11-29.
_LIMITS = f"-c lock_timeout={WAIT_S * 1000:.0f} -c work_mem=32MB -c jit=off"
_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


def databases(url: str) -> dict[str, Any]:
    """Django's DATABASES for `sqlite:///path` or `postgresql://user:password@host:port/name?host=/socket`.

    Raises ValueError for any other address.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path)
        return {"default": _sqlite(Path(path))}
    if parts.scheme in ("postgresql", "postgres"):
        return {"default": _postgres(parts)}
    raise ValueError(f"JINGWEI_DATABASE: neither sqlite:// nor postgresql://: {parts.scheme}")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "jingwei.wiring.database.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "timeout": WAIT_S,
            "transaction_mode": "IMMEDIATE",
            # power cuts are part of our trade: FULL, and foreign keys are checked by Django's own pragma
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            f"PRAGMA wal_autocheckpoint={LONGEST};",
        },
    }


def _postgres(parts: Any) -> dict[str, Any]:
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": int(WAIT_S), "options": _LIMITS, **_KEEPALIVE, **options},
    }
