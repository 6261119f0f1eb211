"""Shelters of the demo: every site is in its register, the people are generated, and their words say so."""

import csv

import pytest
from django.conf import settings

from jingwei.apps.hospitals.models import Beds, SurgeStep, Transfer
from jingwei.apps.shelters import queries
from jingwei.apps.shelters.models import Guest, Household, Opening, Seeking
from jingwei.wiring.demo_shelters import fill_shelters
from jingwei.wiring.prepare import load_demo_registers
from tests.builders import a_moment, authority_of, holding_of

pytestmark = pytest.mark.django_db


def filled() -> list[dict[str, str]]:
    operator = holding_of("zhongyu")
    load_demo_registers(by=operator)
    assert fill_shelters("nowhere", by=operator, moment=a_moment()) == 0
    file = settings.JINGWEI_DATA / "demo" / "zhengzhou" / "shelters.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8", newline="")))
    assert fill_shelters("zhengzhou", by=operator, moment=a_moment()) == len(rows)
    return rows


def test_the_demo_opens_shelters_with_generated_people_and_says_so():
    rows = filled()
    wanted = [r for r in rows if r["what"] == "open"]
    assert Opening.objects.count() == len(wanted)
    assert Household.objects.count() == sum(int(r["second"]) for r in wanted)
    assert all("演示" in o.name and "生成" in o.words for o in Opening.objects.all())
    assert (
        Guest.objects.exclude(consent="").exists()
        and Guest.objects.filter(phone="").count() == Guest.objects.count()
    )
    found = queries.list_openings(authority=authority_of("hejing"))
    assert any(o.over for o in found) and any(o.free for o in found), "one is too full, another has room"
    assert Beds.objects.exists() and SurgeStep.objects.exists() and Transfer.objects.count() == 2
    (seeking,) = Seeking.objects.all()
    assert queries.list_matches(seeking.pk, authority=authority_of("hejing")), "somebody to look into"


def test_the_same_people_every_time():
    filled()
    first = list(Guest.objects.order_by("at", "household__number", "number").values_list("age", "sex"))
    assert len(first) > 300 and len({age for age, _ in first}) > 40
