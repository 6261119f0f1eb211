"""Shelters and hospitals of the demo: the people in them are generated, and their words say so."""

import csv
import uuid
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.conf import settings

from jingwei.kernel.moments import By, Moment

#: Common family names and given names; put together at random, they are nobody's.
FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "明丽华强敏静磊洋艳勇娟涛超秀霞平刚桂英伟芳兰"
NEEDS = ("", "", "", "", "", "", "", "独居", "轮椅", "透析", "用药", "孕妇", "残疾", "受伤")
FROM = ("崔庙镇（演示）", "米河镇（演示）", "京广路（演示）", "金水区某小区（演示）", "")


def fill_shelters(case: str, *, by: By, moment: Moment) -> int:
    """Open, register, count and report as people would. Returns how many lines were taken."""
    file = settings.JINGWEI_DATA / "demo" / case / "shelters.csv"
    if not file.is_file():
        return 0
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    filling = _Filling(by, moment)
    for row in rows:
        getattr(filling, f"take_{row['what']}")(row)
    return len(rows)


T = TypeVar("T")


class _Chance:
    """Draws that are the same every time: people are made up of them, nothing that is to be secret."""

    def __init__(self, seed: str) -> None:
        self.seed, self.drawn = seed, 0

    def randint(self, least: int, most: int) -> int:
        self.drawn += 1
        digest = sha256(f"{self.seed} {self.drawn}".encode()).digest()
        return least + int.from_bytes(digest[:8]) % (most - least + 1)

    def choice(self, among: Sequence[T]) -> T:
        return among[self.randint(0, len(among) - 1)]

    def sample(self, among: Sequence[T], count: int) -> list[T]:
        left = list(among)
        return [left.pop(self.randint(0, len(left) - 1)) for _ in range(count)]


class _Filling:
    """One filling of a demo node; the same every time."""

    def __init__(self, by: By, moment: Moment) -> None:
        self.by, self.moment, self.chance = by, moment, _Chance("20210720")
        self.openings: dict[str, uuid.UUID] = {}

    def act(self, back: timedelta = timedelta()) -> dict[str, Any]:
        at = Moment(at=self.moment.at - back, recorded_at=self.moment.recorded_at)
        return {"by": self.by, "moment": at}

    def _row(self, kind: str, name: str) -> uuid.UUID:
        from jingwei.apps.resources import queries as resources

        cards: Any = (resources.list_shelters if kind == "shelter" else resources.list_hospitals)(
            within="", most=500
        )
        return next(c.id for c in cards if c.name == name)

    def take_open(self, row: dict[str, str]) -> None:
        """Open the site six hours ago, and let families come one after the other."""
        from jingwei.apps.shelters import actions
        from jingwei.apps.shelters.facts import NewOpening

        new = NewOpening(
            shelter_id=self._row("shelter", row["name"]), stage=row["first"], kind=row["kind"],
            words=row["words"],
        )  # fmt: skip
        hours = timedelta(hours=6)
        opening = actions.open_shelter(new, **self.act(hours))
        self.openings[row["name"]] = opening
        households = int(row["second"])
        for number in range(households):
            self._family(opening, hours * (households - number) / (households + 1))

    def _family(self, opening: uuid.UUID, back: timedelta) -> None:
        from jingwei.apps.shelters import actions, queries
        from jingwei.apps.shelters.facts import NewFamily

        chance = self.chance
        family = chance.choice(FAMILIES)
        ages = [chance.randint(22, 78), *(chance.randint(1, 75) for _ in range(chance.randint(0, 4)))]
        words = "\n".join(
            f"{family}{''.join(chance.sample(GIVEN, chance.randint(1, 2)))} {age} {chance.choice('男女')} "
            f"{chance.choice(NEEDS) if age > 16 else ''}"
            for age in ages
        )
        guests = queries.read_words(words, on=self.moment.at.date()).guests
        new = NewFamily(
            guests=guests,
            came_from=chance.choice(FROM),
            agreed=chance.choice((True, True, True, False, None)),
        )
        actions.register_family(opening, new, **self.act(back))

    def take_supply(self, row: dict[str, str]) -> None:
        from jingwei.apps.shelters import actions

        actions.count_supply(self.openings[row["name"]], row["kind"], int(row["first"]), **self.act())

    def take_beds(self, row: dict[str, str]) -> None:
        from jingwei.apps.hospitals import actions
        from jingwei.apps.hospitals.facts import NewBeds

        new = NewBeds(
            hospital_id=self._row("hospital", row["name"]), kind=row["kind"], usable=int(row["first"]),
            taken=int(row["second"]),
        )  # fmt: skip
        actions.report_beds(new, **self.act(timedelta(minutes=40)))

    def take_step(self, row: dict[str, str]) -> None:
        from jingwei.apps.hospitals import actions
        from jingwei.apps.hospitals.facts import NewStep

        new = NewStep(
            hospital_id=self._row("hospital", row["name"]), kind=row["kind"], number=int(row["first"]),
            adds=int(row["second"]), within_h=float(row["third"]), how=row["words"],
        )  # fmt: skip
        actions.plan_surge(new, **self.act(timedelta(minutes=30)))

    def take_transfer(self, row: dict[str, str]) -> None:
        from jingwei.apps.hospitals import actions
        from jingwei.apps.hospitals.facts import NewTransfer

        new = NewTransfer(
            to_id=self._row("hospital", row["name"]), from_id=self._row("hospital", row["first"]),
            kind=row["kind"], patient=row["words"], why="无空余重症床（演示）",
        )  # fmt: skip
        transfer = actions.ask_transfer(new, **self.act(timedelta(minutes=20)))
        if row["second"]:
            getattr(actions, f"{row['second']}_transfer")(transfer, **self.act(timedelta(minutes=10)))

    def take_seek(self, row: dict[str, str]) -> None:
        """Somebody seeks the first one who came anywhere: the desk has something to look into."""
        from jingwei.apps.shelters import actions
        from jingwei.apps.shelters.facts import NewSeeking

        first = next(iter(self.openings.values()))
        ((_number, one), *_rest) = actions.take_list(first, reason="演示：取一名生成的人员", **self.act())
        new = NewSeeking(
            seeker=row["words"],
            seeker_phone="13900000299",
            relation="亲属（演示）",
            name=one.name,
            age=one.age,
        )
        actions.ask_seeking(new, **self.act(timedelta(minutes=15)))
