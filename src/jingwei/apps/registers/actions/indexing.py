"""Rows that other apps keep, made findable: after each fact that speaks of one, all anew after a roster."""

import uuid
from collections.abc import Sequence
from time import perf_counter

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.journal.queries import Said
from jingwei.kernel.moments import By, Moment

from ..facts import Register
from ..models import Indexed
from ..queries.declared import list_registers
from ..queries.source import rows_of
from ..writes import index_register, index_rows

#: How long one tick goes on with what is made anew, seconds. Source: as that of an import, importing.py.
TICK_S = 0.5


def index_kept(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Let the rows that these facts speak of be found by what they hold now; after a roster, all anew."""
    agencies.require(by, "registers.index_kept", at=moment.at, place="")
    for register in list_registers():
        if register.kept is None:
            continue
        kinds = {kind for kind, _ in register.kept.said}
        if any(type(one.fact) in register.kept.loaded for one in entries):
            Indexed.objects.filter(register=register.code).update(done=False, scheme="", reached=None)
        spoken = {uuid.UUID(one.subject) for one in entries if type(one.fact) in kinds}
        if spoken:
            rows = list(rows_of(register).filter(pk__in=spoken))
            index_rows(register, rows, changed=[row.pk for row in rows])


def go_on_indexing(*, by: By, moment: Moment) -> int:
    """Go on with registers of other apps whose rows are to be found anew. Returns how many rows."""
    waiting = _waiting()
    if not waiting:
        return 0
    agencies.require(by, "registers.go_on_indexing", at=moment.at, place="")
    done, began = 0, perf_counter()
    for register in waiting:
        left = TICK_S - (perf_counter() - began)
        if left > 0:
            done += index_register(register, most_s=left)
    return done


def _waiting() -> list[Register]:
    behind = set(Indexed.objects.filter(done=False).values_list("register", flat=True))
    return [one for one in list_registers() if one.kept is not None and one.code in behind] if behind else []
