"""Shelters and hospitals of the demo: the people in them are generated, and their words say so."""

import csv
import uuid
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from django.conf import settings

from jingwei.kernel.moments import By, Moment


class Speech(msgspec.Struct, frozen=True):
    """Words from which people are made up; put together at random, they are nobody's."""

    families: Sequence[str]
    given: Sequence[str]
    sexes: Sequence[str]
    needs: Sequence[str]
    came_from: Sequence[str]
    #: How a family name and given names are put together.
    name: str
    no_bed: str
    took_list: str
    relation: str
    phone: str


CHINESE = Speech(
    families="王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    given="明丽华强敏静磊洋艳勇娟涛超秀霞平刚桂英伟芳兰",
    sexes="男女",
    needs=("", "", "", "", "", "", "", "独居", "轮椅", "透析", "用药", "孕妇", "残疾", "受伤"),
    came_from=("崔庙镇（演示）", "米河镇（演示）", "京广路（演示）", "金水区某小区（演示）", ""),
    name="{family}{given}",
    no_bed="无空余重症床（演示）",
    took_list="演示：取一名生成的人员",
    relation="亲属（演示）",
    phone="13900000299",
)
ENGLISH = Speech(
    families=(
        "Silva",
        "Souza",
        "Oliveira",
        "Pereira",
        "Lima",
        "Ribeiro",
        "Alves",
        "Schmidt",
        "Machado",
        "Dias",
    ),
    given=("Ana", "João", "Maria", "Pedro", "Beatriz", "Lucas", "Júlia", "Miguel", "Clara", "Rafael", "Lia"),
    sexes=("male", "female"),
    needs=("", "", "", "", "", "", "", "alone", "wheelchair", "dialysis", "medicine", "pregnant", "pet"),
    came_from=("Cidade Baixa (demo)", "Menino Deus (demo)", "Navegantes (demo)", "Floresta (demo)", ""),
    name="{given} {family}",
    no_bed="no intensive care bed is free (demo)",
    took_list="demo: takes one of the generated people",
    relation="relative (demo)",
    phone="+55 51 0000 0299",
)


def fill_shelters(case: str, *, by: By, moment: Moment, in_chinese: bool = True) -> int:
    """Open, register, count and report as people would. Returns how many lines were taken."""
    file = settings.JINGWEI_DATA / "demo" / case / "shelters.csv"
    if not file.is_file():
        return 0
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    filling = _Filling(by, moment, CHINESE if in_chinese else ENGLISH)
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

    def __init__(self, by: By, moment: Moment, speech: Speech) -> None:
        self.speech = speech
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

        chance, speech = self.chance, self.speech
        family = chance.choice(speech.families)
        ages = [chance.randint(22, 78), *(chance.randint(1, 75) for _ in range(chance.randint(0, 4)))]
        words = "\n".join(
            f"{speech.name.format(family=family, given=self._given())} {age} {chance.choice(speech.sexes)} "
            f"{chance.choice(speech.needs) if age > 16 else ''}"
            for age in ages
        )
        guests = queries.read_words(words, on=self.moment.at.date()).guests
        new = NewFamily(
            guests=guests,
            came_from=chance.choice(speech.came_from),
            agreed=chance.choice((True, True, True, False, None)),
        )
        actions.register_family(opening, new, **self.act(back))

    def _given(self) -> str:
        between = "" if self.speech is CHINESE else " "
        return between.join(self.chance.sample(self.speech.given, self.chance.randint(1, 2)))

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
            kind=row["kind"], patient=row["words"], why=self.speech.no_bed,
        )  # fmt: skip
        transfer = actions.ask_transfer(new, **self.act(timedelta(minutes=20)))
        if row["second"]:
            getattr(actions, f"{row['second']}_transfer")(transfer, **self.act(timedelta(minutes=10)))

    def take_seek(self, row: dict[str, str]) -> None:
        """Somebody seeks the first one who came anywhere: the desk has something to look into."""
        from jingwei.apps.shelters import actions
        from jingwei.apps.shelters.facts import NewSeeking

        first = next(iter(self.openings.values()))
        ((_number, one), *_rest) = actions.take_list(first, reason=self.speech.took_list, **self.act())
        new = NewSeeking(
            seeker=row["words"],
            seeker_phone=self.speech.phone,
            relation=self.speech.relation,
            name=one.name,
            age=one.age,
        )
        actions.ask_seeking(new, **self.act(timedelta(minutes=15)))
