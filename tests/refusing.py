"""An action that is refused: by which code, and that it left nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.kernel.refusals import Refused


@contextmanager
def refusing(kind: type[Refused], code: str) -> Iterator[None]:
    """The block is refused with exactly this code, and no fact was written down meanwhile."""
    before = journal.count_entries()
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
    assert journal.count_entries() == before, "refused, and yet something was written down"
