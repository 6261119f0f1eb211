"""What is sought, kept under a name for an organization's posts."""

import uuid

import msgspec

from jingwei.apps.agencies.queries import Authority

from ..models import SavedView


class ViewLine(msgspec.Struct, frozen=True):
    """A kept view: its name, and the question of the list's address."""

    id: uuid.UUID
    name: str
    asked: str


def list_views(register_code: str, *, authority: Authority) -> list[ViewLine]:
    rows = SavedView.objects.filter(
        register=register_code, organization=authority.organization_code, removed_at__isnull=True
    )
    return [ViewLine(v.pk, v.name, v.asked) for v in rows.order_by("name")]
