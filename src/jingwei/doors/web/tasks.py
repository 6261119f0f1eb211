"""Orders as pages show them: names of both ends, state with its badge, what happened in one sentence."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.tasks import facts
from jingwei.apps.tasks.queries import TaskLine
from jingwei.kernel.facts import Fact
from jingwei.kernel.refusals import Refused

from . import terms
from .names import Names


class TaskRow(msgspec.Struct, frozen=True):
    """An order in a list. `badge`: the state in words, or how long it is overdue; `look`: its tag's class."""

    id: uuid.UUID
    line: TaskLine
    title_zh: str
    title_en: str
    to_zh: str
    to_en: str
    to_post_zh: str
    to_post_en: str
    from_zh: str
    from_en: str
    from_post_zh: str
    from_post_en: str
    badge: str
    look: str
    level: int = 0
    here: bool = False
    can: frozenset[str] = frozenset()

    @property
    def number_zh(self) -> str:
        """The number 文号 of the order; '' for one from before orders were numbered."""
        line = self.line
        return f"{self.from_zh}〔{line.year}〕{line.number}号" if line.number else ""

    @property
    def number_en(self) -> str:
        line = self.line
        return f"{self.from_en}, No. {line.number} of {line.year}" if line.number else ""


def task_rows(lines: Sequence[TaskLine], now: datetime, names: Names | None = None) -> list[TaskRow]:
    """Rows with the names of both ends, each register asked once."""
    names = names or Names()
    names.know(
        bodies=[c for t in lines for c in (t.to_organization, t.from_organization)],
        posts=[c for t in lines for c in (t.to_post, t.from_post)],
    )
    return [
        TaskRow(
            t.id,
            t,
            t.title_zh,
            t.title_en or t.title_zh,
            *names.organization(t.to_organization),
            *names.post(t.to_post),
            *names.organization(t.from_organization),
            *names.post(t.from_post),
            *badge(t, now),
        )
        for t in lines
    ]


def badge(task: TaskLine, now: datetime) -> tuple[str, str]:
    """The state's word and the look of its tag; what is overdue says by how much, inverted."""
    if task.overdue and task.due_at:
        return _("overdue {span}").format(span=span_text(now - task.due_at)), "inv"
    word = terms.say("task_state", task.state)
    if task.late:
        return _("{state}, late").format(state=word), "strong"
    looks = {"issued": "dash", "read": "dash", "refused": "strong", "done": ""}
    return word, looks.get(task.state, "")


def span_text(span: timedelta) -> str:
    """A span in one unit."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=minutes // 1440)


def sentence(fact: Fact) -> str:
    """What happened to the order, in one sentence."""
    if isinstance(fact, facts.TaskEscalated):
        post = agencies.list_posts_by_code([fact.to_post]).get(fact.to_post)
        body = agencies.find_organization(fact.to_organization)
        who = terms.spoken(post.name_zh, post.name_en)[0] if post else fact.to_post
        where = terms.spoken(body.name_zh, body.name_en)[0] if body else ""
        return _("Brought before {who}, {where}").format(who=who, where=where)
    said = {
        facts.TaskIssued: _("Issued"),
        facts.TaskRead: _("Read"),
        facts.TaskAcknowledged: _("Acknowledged"),
        facts.TaskBegun: _("Begun"),
        facts.TaskDone: _("Done, late") if getattr(fact, "late", False) else _("Done"),
        facts.TaskRefused: _("Refused"),
        facts.TaskWithdrawn: _("Withdrawn"),
        facts.TaskKept: _("Kept open when the response ended"),
        facts.TaskOverdue: _("The time given is over"),
        facts.NoteStruck: _("A line of the log was struck through"),
    }
    return said.get(type(fact), fact.KIND)


_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})|(\d{2})(\d{2})")
_MINUTES = re.compile(r"\+?(\d{1,3})\s*(?:min|分|分钟)?")
_FULL = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2})[:：](\d{2})")


def due_of(text: str, now: datetime) -> datetime | None:
    """By when, as typed: minutes from now (30), a clock time (21:30, the next one), or day and time.

    None for an empty field. Refused when it is no time.
    """
    text, zone = text.strip(), get_current_timezone()
    if not text:
        return None
    try:
        if found := _FULL.fullmatch(text):
            return datetime(*(int(g) for g in found.groups()), tzinfo=zone)  # type: ignore[arg-type, misc]
        if found := _CLOCK.fullmatch(text):
            hour, minute = (int(g) for g in found.groups() if g is not None)
            at = localtime(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
            return at if at > now else at + timedelta(days=1)
    except ValueError:
        raise Refused("time_unreadable") from None
    if found := _MINUTES.fullmatch(text):
        return now + timedelta(minutes=int(found[1]))
    raise Refused("time_unreadable")


def receiver_of(text: str) -> facts.Receiver:
    """The post or organization a field names: by the code of a suggestion, or by a code typed."""
    found = re.search(r"\[([^\[\]]+)\]\s*$", text.strip())
    code = (found[1] if found else text).strip()
    if agencies.list_organizations_by_code([code]):
        return facts.Receiver(organization=code)
    if agencies.list_posts_by_code([code]):
        return facts.Receiver(post=code)
    same = agencies.search_organizations(code, limit=2)
    if len(same) == 1:
        return facts.Receiver(organization=same[0].code)
    raise Refused("receiver_unknown", given=code[:64])
