"""A yardstick for the intake: the same body read by the same code, answered in the same form, kept nowhere.

`JINGWEI_PARSE_ONLY=1` opens it, for a measurement; on any other node there is no such address. It asks for no
token and touches no database: what intake costs beyond it is rights, keys, facts, digests and the disk.
"""

from collections.abc import Sequence

from jingwei.apps.reports.facts import Received
from jingwei.doors.entry.intake import Read
from jingwei.kernel.ids import new_id

from .intake import IntakeRoute


class ParseOnlyRoute(IntakeRoute):
    """`POST /parse-only`: like the intake, without a writer."""

    PATH = "/parse-only"

    async def _let_in(self, authorization: str) -> None:
        pass

    async def _written(self, authorization: str, read: Read, *, first: bool) -> Sequence[Received]:
        return [Received(id=new_id(), status="accepted", flags=one.flags) for one in read.told]
