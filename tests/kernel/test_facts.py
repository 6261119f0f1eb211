"""Facts are frozen values with a kind that ends in its version."""

import uuid
from datetime import UTC, datetime
from typing import ClassVar

import msgspec
import pytest

from jingwei.kernel import facts
from jingwei.kernel.facts import Fact, body_of, fact_of, list_kinds

AT = datetime(2021, 7, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_kinds", dict(facts._kinds))


def _bridge_closed() -> type[Fact]:
    class BridgeClosed(Fact, frozen=True, kw_only=True):
        KIND: ClassVar[str] = "bridges.bridge_closed/1"
        SUBJECT: ClassVar[str] = "bridge_id"

        bridge_id: uuid.UUID
        closed_at: datetime
        reason: str | None = None

    return BridgeClosed


def test_a_fact_reads_back_as_it_was_written() -> None:
    kind = _bridge_closed()
    said = kind(bridge_id=uuid.UUID(int=5), closed_at=AT, reason="水漫桥面")  # type: ignore[call-arg]
    body = msgspec.json.decode(msgspec.json.encode(body_of(said)))
    assert fact_of("bridges.bridge_closed/1", body) == said
    assert said.subject == str(uuid.UUID(int=5))
    assert list_kinds()["bridges.bridge_closed/1"] is kind


def test_a_fact_cannot_be_changed() -> None:
    said = _bridge_closed()(bridge_id=uuid.UUID(int=5), closed_at=AT)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        said.reason = "other"  # type: ignore[attr-defined]


def test_a_fact_without_version_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="KIND"):

        class Nameless(Fact, frozen=True):
            KIND: ClassVar[str] = "bridges.closed"


def test_two_facts_of_one_kind_are_a_mistake() -> None:
    _bridge_closed()
    with pytest.raises(TypeError, match="two facts"):

        class Other(Fact, frozen=True):
            KIND: ClassVar[str] = "bridges.bridge_closed/1"


def test_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        fact_of("bridges.flew_away/1", {})
