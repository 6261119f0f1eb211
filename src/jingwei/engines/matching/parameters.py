"""The matcher's parameters, shipped in `data/matching/parameters.toml` with a source each."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Parameters = Mapping[str, float]


@cache
def _shipped() -> dict[str, float]:
    text = files("jingwei").joinpath("data", "matching", "parameters.toml").read_text(encoding="utf-8")
    return {
        f"{part}.{name}": float(row["value"])
        for part, table in tomllib.loads(text).items()
        for name, row in table.items()
    }


def parameters(changes: Mapping[str, float] | None = None) -> dict[str, float]:
    """The shipped values, some of them changed. Raises ValueError for a name that is none."""
    known = _shipped()
    unknown = set(changes or ()) - set(known)
    if unknown:
        raise ValueError(f"no such parameters: {sorted(unknown)}")
    return known | dict(changes or {})
