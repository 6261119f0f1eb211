"""What programs ask for twice happens once: their own keys, each with what was asked under it."""

import hashlib
import uuid
from collections.abc import Mapping

import msgspec

from jingwei.kernel.moments import By, Moment

from .. import rules
from ..facts import Cell
from ..models import AskedOnce
from ..rules import RegisterRefused


def find_asked(register_code: str, key: str, values: Mapping[str, Cell], *, by: By) -> uuid.UUID | None:
    """The row entered under this key. Refused as `key_taken` when something else was asked under it."""
    known = AskedOnce.objects.filter(by=by, key=key).first()
    if known is None:
        return None
    if known.digest != _digest(register_code, values):
        raise RegisterRefused("key_taken")
    return known.row_id


def keep_asked(
    register_code: str, key: str, values: Mapping[str, Cell], row_id: uuid.UUID, *, by: By, moment: Moment
) -> None:
    AskedOnce.objects.create(
        by=by, key=key, digest=_digest(register_code, values), register=register_code, row_id=row_id,
        at=moment.at,
    )  # fmt: skip


def _digest(register_code: str, values: Mapping[str, Cell]) -> str:
    said = sorted((name, rules.plain(value)) for name, value in values.items())
    return hashlib.sha256(msgspec.json.encode([register_code, said])).hexdigest()
