"""Six hours of a storm, played through the node's own actions: the rows that `fill` makes more of.

Programs report, the machine fuses, grades and counts what is owed, people confirm, order, report upward, tell
the public and close. Nothing is written past the actions, so every row stands as a node would have it.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from jingwei.kernel.moments import By, Moment

SEED = 20210720
#: How many reports each incident has: one told by hundreds, some by dozens, most by a few.
#: Source: our estimate of a storm's shape, 2,000 reports of 120 incidents, 2026-11-22.
SIZES = (300, *[100] * 3, *[31] * 16, *[9] * 100)
#: How long it lasts, and how often the programs send what they heard.
LASTS, EVERY = timedelta(hours=6), timedelta(minutes=10)
#: Counties and districts of Zhengzhou. Source: src/jingwei/data/places.
PLACES = ("410102", "410103", "410104", "410105", "410106", "410108",
          "410122", "410181", "410182", "410183", "410184", "410185")  # fmt: skip
KINDS = ("12P04", "11A02", "12P08", "12P01", "12P03", "11A51", "11D02", "12P07")
WORDS = (
    "隧道里水在往上涨，还有人没出来", "小区停电停水，一楼进水，老人下不来", "站口倒灌，站厅里有积水",
    "山洪把桥冲断了，村里联系不上", "河堤有一处在渗水，带着泥", "高架下面车泡了，司机在车顶上",
    "Water up to the chest, people on the roof of a bus",
)  # fmt: skip
CHANNELS = ("110", "119", "120", "12345", "api", "station")
#: Degrees between two incidents, so far apart that none is taken for another.
#: Source: jingwei.engines.fusion.FAR_M, 3 km are 0.033 degrees of longitude here.
APART = 0.036
#: Bodies that an order goes to, beside the incident's own county.
RECEIVERS = ("4101-xfzd", "4101-cgj")
#: Every so many reports: one nobody can read, one that names no place.
GARBAGE_EVERY, PLACELESS_EVERY = 200, 100


class Storm:
    """The storm up to `ends`. `acts` are by people of the cast, by user name."""

    def __init__(self, ends: datetime, sizes: Sequence[int]) -> None:
        self.begins, self.ends, self.sizes = ends - LASTS, ends, sizes
        self.random = random.Random(SEED)
        self.count = 0

    def play(self) -> None:
        told = sorted(self._told(), key=lambda one: one[0])
        feed = _holding_of_post("4101-zbs-feeds")
        at = self.begins
        while at < self.ends:
            at += EVERY
            now, told = [one for t, one in told if t <= at], [(t, one) for t, one in told if t > at]
            self._hear(now, feed, at)
            if at == self.begins + LASTS * 2 / 3:
                self._answer(at)
                _settle(at)
        self._finish(self.ends)
        _settle(self.ends)

    def _hear(self, now: list[Any], feed: By, at: datetime) -> None:
        from jingwei.apps.reports.actions import receive_reports

        receive_reports(now, by=feed, moment=Moment(at=at, recorded_at=at))
        _settle(at)

    # --- what is told ------------------------------------------------------------------------------------

    def _told(self) -> Iterator[tuple[datetime, Any]]:
        yield from self._announced()
        for n, size in enumerate(self.sizes):
            first = self.begins + LASTS * 0.5 * self.random.random()
            for m in range(size):
                at = first + (self.ends - first) * 0.9 * (m / size)
                yield at, self._report(n, m, at)

    def _report(self, n: int, m: int, at: datetime) -> Any:
        from jingwei.apps.reports.facts import Claim, Told

        self.count += 1
        if self.count % GARBAGE_EVERY == 0:
            return Told(key=f"p{self.count}", raw=f'{{"words": "半句 {self.count}', channel="api")
        figures = [Claim(measure="trapped", value=float(1 + m % 7), unit="person")] if n % 3 == 0 else []
        if n % 5 == 0 and m % 4 == 0:
            figures.append(Claim(measure="deaths", value=float(1 + (n + m) % 12), unit="person"))
        placeless = self.count % PLACELESS_EVERY == 0
        return Told(
            key=f"p{self.count}",
            channel=CHANNELS[(n + m) % len(CHANNELS)],
            words=f"{WORDS[(n + m) % len(WORDS)]} {self.count}",
            lang="zh",
            kind=KINDS[n % len(KINDS)],
            place="" if placeless else PLACES[n % len(PLACES)],
            lon=None if placeless else round(113.25 + APART * (n % 12) + self.random.gauss(0, 0.0008), 6),
            lat=None if placeless else round(34.45 + APART * (n // 12) + self.random.gauss(0, 0.0008), 6),
            occurred_at=at,
            caller_name="王小明" if m % 2 else "",
            caller_phone=f"139{self.random.randrange(10**8):08d}" if m % 2 else "",
            figures=tuple(figures),
            rescue=m % 9 == 0,
            flags=("rumor",) if self.count % 50 == 0 else (),
        )

    def _announced(self) -> Iterator[tuple[datetime, Any]]:
        """Warnings and levels, renewed once."""
        from jingwei.apps.reports.facts import Told

        for n, (type_, body) in enumerate([("warning", "4101-qxt"), ("response", "4101-fz")] * 2):
            at = self.begins + LASTS * (n + 1) / 6
            told = {"type": type_, "organization": body, "level": 3 - n // 2, "kind": "11B03"}
            yield at, Told(key=f"a{n}", words="暴雨", lang="zh", place="4101", occurred_at=at, **told)

    # --- what people do ----------------------------------------------------------------------------------

    def _answer(self, at: datetime) -> None:
        from jingwei.apps.incidents import actions as incidents
        from jingwei.apps.people import actions as people
        from jingwei.apps.people.facts import Given

        chief = _act("hejing", at)
        for n, line in enumerate(_list_incidents("hejing", at)):
            if line.proposed_grade and n % 3 == 0:
                incidents.confirm_grade(line.id, grade=line.proposed_grade, version=line.version, **chief)
            elif n % 4 == 0:
                incidents.judge_grade(line.id, grade=4, reason="先按较大处置", version=line.version, **chief)
            if n % 5 == 0:
                given = Given(value=float(n % 4), source="现场指挥部电话", as_of_at=at)
                people.adopt_figure(line.id, given, measure="injured", area=line.place, **chief)
            self._order(n, line, at)
            if n % 2 == 0:
                _report_upward(line, n, at)

    def _order(self, n: int, line: Any, at: datetime) -> None:
        """Four orders: two taken on, one done, one of the province to the chief's own body."""
        from jingwei.apps.tasks import actions as tasks
        from jingwei.apps.tasks.facts import TaskDraft

        due = at + timedelta(hours=1 + n % 6)
        bodies = (f"{line.place[:6]}-zbs" if len(line.place) >= 6 else "4101-yjj", *RECEIVERS)
        drafts = [
            TaskDraft(title_zh=f"处置：{line.title_zh}", to_organization=body, due_at=due,
                      place=line.place, incident_id=str(line.id))
            for body in bodies
        ]  # fmt: skip
        own = tasks.issue_tasks(drafts, **_act("hejing", at))
        tasks.acknowledge_task(own[1], version=1, **_act("jiaoshouyue", at))
        tasks.note_task(own[1], words="已出动两车", **_act("jiaoshouyue", at))
        if n % 2:
            tasks.begin_task(own[1], version=2, **_act("jiaoshouyue", at))
            tasks.complete_task(own[1], version=3, words="已完成", **_act("jiaoshouyue", at))
        above = TaskDraft(title_zh=f"报告处置情况：{line.title_zh}", to_organization="4101-zbs", due_at=due)
        tasks.issue_tasks([above], **_act("shenyiheng", at))

    def _finish(self, at: datetime) -> None:
        """The texts that were drafted are written, approved, told; some incidents are closed."""
        from jingwei.apps.agencies.queries import get_authority
        from jingwei.apps.incidents import actions as incidents
        from jingwei.apps.releases import queries as releases

        chief = _act("hejing", at)
        authority = get_authority(chief["by"], at=at)
        for n, one in enumerate(releases.list_releases(authority=authority, states=["draft"], limit=1_000)):
            _tell(one, n, at)
        for n, line in enumerate(_list_incidents("hejing", at)):
            if n % 6 == 1:
                incidents.close_incident(line.id, reason="处置完毕", version=line.version, **chief)


def _report_upward(line: Any, n: int, at: datetime) -> None:
    from jingwei.apps.sitreps import actions, queries

    act = _act("hejing", at)
    found = actions.draft_sitrep(line.id, stage="first", **act)
    if n % 4 == 0:
        one = queries.find_sitrep(found, authority=_authority("hejing", at))
        assert one is not None
        texts = {"summary": "险情正在处置"}
        actions.edit_sitrep(found, texts=texts, to_check=one.content.gaps, version=one.version, **act)
        actions.submit_sitrep(found, version=one.version + 1, **act)


def _tell(one: Any, n: int, at: datetime) -> None:
    from jingwei.apps.releases import actions
    from jingwei.apps.releases.actions import Written

    if n % 4 == 0:
        return
    name = one.edition.title_zh or "情况通报"
    written = Written(
        title_zh=name, title_en="Notice", text_zh=f"{name}。救援正在进行，请远离现场。",
        text_en="Rescue is under way. Stay away.", valid_until=at + timedelta(hours=12),
    )  # fmt: skip
    actions.edit_release(one.id, written, ready=True, version=one.version, **_act("lisiyuan", at))
    if n % 4 > 1:
        actions.approve_release(one.id, version=one.version + 1, **_act("hejing", at))
        actions.publish_release(one.id, version=one.version + 2, **_act("hejing", at))


def _settle(at: datetime) -> None:
    """All that follows, from what was written and from the time."""
    from jingwei.apps.agencies.queries import get_machine
    from jingwei.apps.journal.actions import react
    from jingwei.wiring.reactions import TICKS

    moment, by = Moment(at=at, recorded_at=at), get_machine()
    while react(by=by, moment=lambda: moment):
        pass
    for tick in TICKS:
        tick(by=by, moment=moment)


def _list_incidents(username: str, at: datetime) -> list[Any]:
    from jingwei.apps.incidents import queries

    return queries.list_incidents(authority=_authority(username, at), limit=1_000)


def _authority(username: str, at: datetime) -> Any:
    from jingwei.apps.agencies.queries import get_authority

    return get_authority(_act(username, at)["by"], at=at)


def _act(username: str, at: datetime) -> dict[str, Any]:
    from jingwei.apps.agencies.models import Holding

    rows = Holding.objects.filter(person__user__username=username).order_by("from_at", "pk")
    return {"by": rows.values_list("pk", flat=True)[0], "moment": Moment(at=at, recorded_at=at)}


def _holding_of_post(code: str) -> By:
    from jingwei.apps.agencies.queries import find_holding_of_post

    found = find_holding_of_post(code, at=datetime.now(UTC))
    assert found is not None
    return found
