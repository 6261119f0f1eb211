"""Facts: what is said to have happened, as frozen values with a kind that ends in its version.

A kind's fields are never renamed or given another meaning; a new meaning is the next version.
"""

from typing import Any, ClassVar, cast

import msgspec

_kinds: dict[str, type["Fact"]] = {}


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all facts. Facts carry ids and figures, never names or telephone numbers.

    A subclass says `KIND = "app.what_happened/1"` and names the field that is its subject.
    """

    KIND: ClassVar[str] = ""
    SUBJECT: ClassVar[str] = ""
    #: A fact that speaks of a file in the home: its folder, the fields with its name and its SHA-256.
    FILE: ClassVar[tuple[str, str, str] | None] = None
    #: The rows a fact speaks of were erased by it: what they held, and the salt of their older digests.
    ERASES: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        kind = cls.__dict__.get("KIND", "")
        if not kind or "/" not in kind:
            raise TypeError(f"{cls.__name__}: a fact needs KIND = 'app.what_happened/1'")
        known = _kinds.get(kind)
        if known is not None and (known.__module__, known.__name__) != (cls.__module__, cls.__name__):
            raise TypeError(f"two facts of kind {kind}: {known.__name__}, {cls.__name__}")
        _kinds[kind] = cls

    @property
    def subject(self) -> str:
        return str(getattr(self, self.SUBJECT)) if self.SUBJECT else ""


def body_of(fact: Fact) -> dict[str, Any]:
    """The fact's fields as plain JSON values, as the journal keeps them."""
    return cast(dict[str, Any], msgspec.to_builtins(fact))


def fact_of(kind: str, body: dict[str, Any]) -> Fact:
    """Read a fact back from the journal. Raises `KeyError` for a kind nobody declares."""
    return msgspec.convert(body, _kinds[kind], strict=False)


def list_kinds() -> dict[str, type[Fact]]:
    return dict(_kinds)
