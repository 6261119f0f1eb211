"""What one request asks for again and again, asked for once: reference data that no request changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

#: What was found in this request, by the function that found it; None outside one.
_found: ContextVar[dict[Callable[[], object], object] | None] = ContextVar("found", default=None)


@contextmanager
def a_request() -> Iterator[None]:
    """Until the block ends, `once` remembers."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def once(find: Callable[[], T]) -> T:
    """What `find` gives; within one request it is called once."""
    found = _found.get()
    if found is None:
        return find()
    if find not in found:
        found[find] = find()
    return found[find]  # type: ignore[return-value]
