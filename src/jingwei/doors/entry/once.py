"""What one request asks for again and again, asked for once.

For reference data that no request changes, and for pages that only read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

#: What was found in this request, by what was asked; None outside one.
_found: ContextVar[dict[tuple[Any, ...], object] | None] = ContextVar("found", default=None)


@contextmanager
def a_request() -> Iterator[None]:
    """Until the block ends, `once` remembers."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def once(find: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `find` gives; within one request it is called once for the same arguments. Not to be changed."""
    found = _found.get()
    if found is None:
        return find(*args, **kwargs)
    asked = (find, args, frozenset(kwargs.items()))
    if asked not in found:
        found[asked] = find(*args, **kwargs)
    return found[asked]  # type: ignore[return-value]
