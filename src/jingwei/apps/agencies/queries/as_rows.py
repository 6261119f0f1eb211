"""Organizations, posts and who holds them as rows of a register: by place and name, each with its owner.

Columns are added in the question; nothing is written, and no right is decided here.
"""

import uuid
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Lower, Replace, TruncDate

from jingwei.kernel.refusals import Refused

from ..models import Holding, Organization, OrganizationLink, Post, User
from ..rules import LINES, normal_username

#: Who is no person and no program of somebody's: the node itself.
_NODE = "machine"


def list_organization_rows() -> QuerySet[Any]:
    """Every organization, with the first of those it answers to along each line."""
    uppers = {
        line: Subquery(
            OrganizationLink.objects.filter(lower=OuterRef("pk"), line=line)
            .order_by("upper__code")
            .values("upper__code")[:1]
        )
        for line in LINES
    }
    return Organization.objects.annotate(
        name=F("name_zh"), owner=F("code"), key=Lower("code"), removed_at=_never(), **uppers
    )


def list_post_rows() -> QuerySet[Any]:
    """Every post, held or not."""
    return Post.objects.annotate(
        name=F("name_zh"), owner=F("organization__code"), key=Lower("code"), removed_at=_never()
    )


def list_holding_rows() -> QuerySet[Any]:
    """Who holds which post since when; struck through once released. The node's own machine is none."""
    name = Replace(Lower("person__name_zh"), Value(" "), Value(""))
    rows = Holding.objects.exclude(person__kind=_NODE).annotate(
        name=F("person__name_zh"), name_en=F("person__name_en"), kind=F("person__kind"),
        phone=F("person__phone"), account=F("person__user__username"), post_code=F("post__code"),
        post_name=F("post__name_zh"), role=F("post__role"), place=F("post__place"),
        owner=F("post__organization__code"), from_on=TruncDate("from_at"), until_on=TruncDate("until_at"),
        key=Concat(Lower("post__code"), Value("|"), name), removed_at=F("released_at"),
    )  # fmt: skip
    return rows


def find_person_of(username: str) -> uuid.UUID | None:
    """The person who signs in by this name, for an action that has asked for the right before."""
    rows = User.objects.filter(username=normal_username(username), is_active=True)
    return rows.values_list("person_id", flat=True).first()


def find_held(holding: uuid.UUID) -> tuple[uuid.UUID, str]:
    """The person and the post's code of a holding, ended or not, for an action that asks for the right."""
    row = Holding.objects.select_related("post").filter(pk=holding).first()
    if row is None:
        raise Refused("unknown_holding")
    return row.person_id, row.post.code


def _never() -> Value:
    return Value(None, output_field=DateTimeField())
