"""What a page may offer on an order; the actions ask again."""

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority

from .. import rules
from ..rules import Seat
from .lists import TaskLine

_ANSWERS = ("acknowledge", "begin", "complete", "refuse")


def is_mine(task: TaskLine, authority: Authority) -> bool:
    """Whether the order is for this post."""
    return rules.is_addressed(
        to_post=task.to_post,
        to_organization=task.to_organization,
        post=authority.post_code,
        organization=authority.organization_code,
    )


def list_answers(task: TaskLine, *, authority: Authority) -> set[str]:
    """What those it is for may do with it, without a query: for rows of a list."""
    if not is_mine(task, authority):
        return set()
    found = {step for step in (*_ANSWERS, "read") if rules.may_step(task.state, step)}
    found |= {"cascade"} if task.open else set()
    found -= {"complete"} if task.below.open else set()
    return {one for one in found if agencies.may_with(authority, f"tasks.{one}_task")}


def list_offers(task: TaskLine, *, authority: Authority) -> set[str]:
    """The acts this post may do on the order as it stands."""
    found = list_answers(task, authority=authority)
    if task.open and _may_withdraw(task, authority):
        found.add("withdraw")
    at_an_end = authority.organization_code in (task.to_organization, task.from_organization)
    if at_an_end or agencies.may_with(authority, "tasks.note_task", place=task.place):
        found |= {"note", "strike"}
    named = {"strike": "tasks.strike_note"}
    return {one for one in found if agencies.may_with(authority, named.get(one, f"tasks.{one}_task"))}


def _may_withdraw(task: TaskLine, authority: Authority) -> bool:
    return rules.may_withdraw(
        from_post=task.from_post,
        from_organization=task.from_organization,
        seat=Seat(authority.post_code, authority.organization_code, authority.role),
        below=agencies.list_below(authority.organization_code),
    )
