"""What was once written down can always be read: every fact has its golden file and keeps its form."""

from pathlib import Path
from typing import ClassVar

import pytest

from jingwei.kernel import facts
from jingwei.kernel.facts import Fact
from tests.house.tree import none
from tests.house.wire import WIRE, differences, file_of, list_facts, write_missing


def test_every_fact_keeps_its_form() -> None:
    none(differences(list_facts()))


def test_every_golden_file_is_still_read() -> None:
    """A version that nobody writes any more still has its reader."""
    known = {file_of(kind) for kind in list_facts()}
    none([path.name for path in sorted(WIRE.glob("*.json")) if path not in known])


def test_canary_another_form_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_kinds", {})

    def declare(*optional: str, **fields: type) -> dict[str, type[Fact]]:
        facts._kinds.clear()
        body = {"KIND": "bridges.shut/1", "SUBJECT": "name", "__annotations__": {"name": str, **fields}}
        body["__annotations__"] |= {"KIND": ClassVar[str], "SUBJECT": ClassVar[str]}
        body["__annotations__"] |= dict.fromkeys(optional, int | None)
        body |= dict.fromkeys(optional)
        return {"bridges.shut/1": type(Fact)("Shut", (Fact,), body, frozen=True, kw_only=True)}

    assert [x.split(";")[0] for x in differences(declare(depth=float), tmp_path)] == [
        "bridges.shut/1: no bridges.shut@1.json"
    ]
    assert [p.name for p in write_missing(declare(depth=float), tmp_path)] == ["bridges.shut@1.json"]
    none(differences(declare(depth=float), tmp_path))
    for other in ({"depth": int}, {"depth_m": float}, {}, {"depth": float, "width": float}):
        assert differences(declare(**other), tmp_path) != []
        assert write_missing(declare(**other), tmp_path) == []
    wider = declare("width", depth=float)
    assert differences(wider, tmp_path) == [
        "bridges.shut/1: width is new; python -m tests.house.wire adds it"
    ]
    assert len(write_missing(wider, tmp_path)) == 1
    none(differences(wider, tmp_path))
    assert differences(declare(depth=float), tmp_path) != []
