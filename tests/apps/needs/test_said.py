"""How much the words of reports say: proposed, kept beside what a person decided, never doubled."""

import uuid

import pytest

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.journal import queries as journal
from jingwei.apps.journal.queries import list_failures
from jingwei.apps.needs import actions, queries, rules
from jingwei.apps.needs.actions import finding
from jingwei.apps.needs.facts import NeedQuantityRead, NewNeed
from jingwei.apps.needs.models import Need, Telling
from jingwei.apps.needs.rules import Supply
from jingwei.apps.stock import actions as stock
from jingwei.apps.stock.facts import NewSupply
from jingwei.engines.reading import read_needs
from tests.builders import STORM

from .acts import HOUR, a_store, act, line, tell, totals

pytestmark = pytest.mark.django_db


def found() -> dict[str, Need]:
    return {row.item_zh: row for row in Need.objects.order_by("pk")}


def test_how_much_of_what_is_proposed_with_the_words_that_say_so():
    words = "村里被洪水围住，急需帐篷200顶、棉被三百床"
    tell(words)
    rows = found()
    assert {name: (row.quantity, row.unit_zh, row.state) for name, row in rows.items()} == {
        "帐篷": (200, "顶", "open"),
        "棉被": (300, "床", "open"),
    }
    one = line(rows["帐篷"].pk)
    assert one.is_read and one.is_proposed and one.newest is None
    assert words[one.said.begin : one.said.end] == "200顶"
    (fact,) = [e.fact for e in journal.list_entries(subjects=[str(one.id)], kinds=[NeedQuantityRead])]
    assert (fact.low, fact.quantity, fact.unit, fact.taken) == (200, 200, "tent", True)
    assert not list_failures()


def test_the_words_of_both_languages_say_the_unit_in_both():
    tell("the village is flooded, we need 200 tents and 50 boxes of water")
    rows = found()
    assert [(r.item_en, r.quantity, r.unit_zh, r.unit_en) for r in rows.values()] == [
        ("Tent", 200, "顶", "tent"),
        ("Drinking water", 50, "箱", "box"),
    ]


def test_a_range_stays_one_and_is_taken_at_the_end_by_which_people_get_more():
    tell("洪水围村，需要约两三百份盒饭")
    (row,) = Need.objects.all()
    said = line(row.pk).said
    assert row.quantity == 300 and (said.low, said.quantity, said.rough) == (200, 300, "about")
    assert said.is_range


def test_it_is_a_proposal_and_no_total_takes_it_for_confirmed():
    tell("洪水围村，急需帐篷200顶")
    total = totals()["帐篷", "410182"]
    assert (total.found, total.confirmed, total.still_open) == (200, 0, 0)
    (row,) = Need.objects.all()
    actions.confirm_need(row.pk, **act())
    assert totals()["帐篷", "410182"].confirmed == 200 and not line(row.pk).is_read


def test_another_number_does_not_double_it_and_stands_beside_the_first():
    tell("洪水围村，急需帐篷200顶", event_ref="E-1")
    tell("洪水围村，急需帐篷350顶", at=STORM + HOUR, event_ref="E-1")
    (row,) = Need.objects.all()
    one = line(row.pk)
    assert (one.quantity, one.said.quantity, one.newest.quantity, one.told) == (200, 200, 350, 2)
    assert [e.fact.taken for e in journal.list_entries(kinds=[NeedQuantityRead])] == [True, False]


def test_the_same_number_again_is_not_another_one():
    tell("洪水围村，急需帐篷200顶", event_ref="E-1")
    tell("洪水围村，还是急需200顶帐篷", at=STORM + HOUR, event_ref="E-1")
    (row,) = Need.objects.all()
    assert line(row.pk).newest is None and line(row.pk).told == 2


def test_a_number_told_later_fills_what_was_not_said():
    tell("洪水围村，急需帐篷", event_ref="E-1")
    assert Need.objects.get().quantity is None
    tell("洪水围村，急需帐篷200顶", at=STORM + HOUR, event_ref="E-1")
    (row,) = Need.objects.all()
    assert (row.quantity, row.item_zh, row.unit_zh) == (200, "帐篷", "顶")


def test_what_a_person_touched_is_never_overwritten():
    tell("洪水围村，急需帐篷", event_ref="E-1")
    (row,) = Need.objects.all()
    actions.confirm_need(row.pk, **act())
    tell("洪水围村，急需帐篷200顶", at=STORM + HOUR, event_ref="E-1")
    row.refresh_from_db()
    assert (row.quantity, row.item_zh, row.state) == (None, "住处和帐篷", "confirmed")
    assert line(row.pk).said.quantity == 200, "it stands beside"
    new = NewNeed(words="帐篷", unit="顶", quantity=120, place="410182", item_class="shelter",
                  incident_id=row.incident_id)  # fmt: skip
    actions.change_need(row.pk, new, **act())
    tell("洪水围村，急需帐篷300顶", at=STORM + 2 * HOUR, event_ref="E-1")
    assert Need.objects.get().quantity == 120 and line(row.pk).newest.quantity == 300


def test_canary_a_machine_that_takes_every_number_would_overwrite_a_person(monkeypatch):
    tell("洪水围村，急需帐篷200顶", event_ref="E-1")
    (row,) = Need.objects.all()
    actions.confirm_need(row.pk, **act())
    really = finding._Finding._tell

    def careless(self, row, want):
        row.quantity, row.held_by, row.state = None, None, "open"
        really(self, row, want)
        self.changed[row.pk] = row

    monkeypatch.setattr(finding._Finding, "_tell", careless)
    tell("洪水围村，急需帐篷300顶", at=STORM + HOUR, event_ref="E-1")
    assert Need.objects.get().quantity == 300


def test_two_things_of_one_class_are_two_needs_and_a_bare_call_is_neither():
    tell("洪水围村，急需棉衣200件、棉被300床", event_ref="E-1")
    assert {n: r.quantity for n, r in found().items()} == {"棉衣": 200, "棉被": 300}
    tell("洪水围村，急需棉被", at=STORM + HOUR, event_ref="E-1")
    assert Need.objects.count() == 2
    assert sorted(Telling.objects.values_list("item", flat=True)) == ["", "quilt", "warm_clothes"]


def test_a_supply_of_the_stock_is_proposed_in_its_units_and_packages_are_taken_apart():
    _, tent = a_store()
    water = stock.add_supply(
        NewSupply(code="W-1", name_zh="瓶装饮用水（550毫升）", name_en="Bottled water (550 ml)", unit_zh="瓶",
                  unit_en="bottle", pack=24),
        **act(who="zhongyu"),
    )  # fmt: skip
    tell("洪水围村，急需帐篷20箱、矿泉水五十箱")
    rows = {row.supply_id: row for row in Need.objects.all()}
    assert (rows[tent].quantity, rows[tent].unit_zh) == (200, "顶")
    assert (rows[water].quantity, rows[water].unit_zh) == (1200, "瓶")
    assert line(rows[water].pk).said.quantity == 1200


TENT = Supply(uuid.uuid4(), "救灾帐篷（12平方米）", "Relief tent (12 m²)", "顶", "tent", 10)
TRUCK = Supply(uuid.uuid4(), "移动排水泵车", "Mobile pump truck", "台", "truck", None)
RICE = Supply(uuid.uuid4(), "大米", "Rice", "公斤", "kg", None)


@pytest.mark.parametrize(
    ("words", "supplies", "expected"),
    [
        ("急需帐篷20顶", [TENT], (TENT.id, 20, "顶")),
        ("need 20 tents", [TENT], (TENT.id, 20, "顶")),
        ("急需帐篷20箱", [TENT], (TENT.id, 200, "顶")),
        ("急需帐篷20套", [TENT], (None, 20, "套")),  # a unit the stock does not count tents in
        ("急需帐篷20顶", [TENT, Supply(uuid.uuid4(), "帐篷", "Tent", "顶", "tent", None)], (None, 20, "顶")),
        ("急需十台抽水泵", [TRUCK], (None, 10, "台")),  # a truck with a pump is another thing
        ("急需排水泵车3台", [TRUCK], (TRUCK.id, 3, "台")),
        ("需要1.5吨大米", [RICE], (RICE.id, 1500, "公斤")),
        ("需要大米300斤", [RICE], (RICE.id, 150, "公斤")),
        ("需要大米20袋", [RICE], (None, 20, "袋")),  # how much a bag is, nobody said
        ("急需矿泉水50箱", [], (None, 50, "箱")),
    ],
)
def test_a_thing_is_a_supply_only_where_name_and_unit_leave_no_doubt(words, supplies, expected):
    (asked,) = read_needs(words)
    of = hazards.list_need_classes(on=STORM.date())[asked.label]
    got = rules.propose(asked, of, supplies)
    assert (got.supply_id, got.quantity, got.unit_zh) == expected


def test_more_than_a_need_may_be_is_no_proposal():
    (asked,) = read_needs("need 900,000 tents")
    of = hazards.list_need_classes(on=STORM.date())["shelter"]
    assert rules.propose(asked, of, []).quantity == 900_000
    packed = Supply(uuid.uuid4(), "大米", "Rice", "斤", "jin", None)
    (asked,) = read_needs("需要大米99万吨")
    assert rules.propose(asked, of, [packed]) is None


@pytest.mark.parametrize(
    "words", ["听说村里需要200顶帐篷", "村里有30人被困，需要帐篷", "不需要帐篷，帐篷已够", "已送来200顶帐篷"]
)
def test_what_says_no_quantity_proposes_none(words):
    tell("洪水围村。" + words)
    assert not Need.objects.exclude(quantity=None).exists() and not list_failures()


def test_needs_told_before_numbers_were_read_are_known_again():
    """A telling of an older node has no thing: the same report is not told twice."""
    tell("洪水围村，急需饮用水", event_ref="E-1")
    assert Telling.objects.get().item == "" and Telling.objects.get().quantity is None
    assert queries.list_tellings(Need.objects.get().pk)[0].quantity_begin is None
