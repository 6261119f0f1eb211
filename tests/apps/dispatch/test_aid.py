"""Who else may be asked for help: hand-drawn cases of agreements, the level above and a paired place.

Jinshui (410105) plans; Xingyang (410182) is the neighbour, its duty office 410182-zbs keeps the stores there.
"""

import uuid
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from jingwei.apps.dispatch import actions, queries
from jingwei.apps.dispatch.models import Line, Order
from jingwei.apps.dispatch.queries import aid
from jingwei.apps.registers import actions as registers
from jingwei.apps.resources import queries as resources
from jingwei.apps.stock.models import Promise
from tests.builders import STORM, authority_of

from .acts import HOUR, a_need, a_store, a_supply, act, lines_of, made, refused

pytestmark = pytest.mark.django_db
TODAY, DAY = localdate(STORM), timedelta(days=1)
HERE, THERE, PARTY = "410105", "410182", "410182-zbs"
OURS = "jinwangshu"


def an_agreement(place: str = HERE, party: str = PARTY, kind: str = "mutual", **more: object) -> uuid.UUID:
    row = {"name": "金水荥阳互助协议", "place": place, "kind": kind, "other_party": party} | more
    return registers.add_row("agreements", row, **act(who="zhongyu"))


def theirs(supply: uuid.UUID, held: int = 100, *, floor: int = 0, name: str = "荥阳库") -> uuid.UUID:
    return a_store(name, THERE, {supply: held}, floor=floor, owner=PARTY)


def tiers(proposal) -> dict[uuid.UUID, str]:
    return dict(Line.objects.filter(proposal=proposal).values_list("store_id", "tier"))


# --- whom one may ask ---


def test_without_an_agreement_nobody_else_is_asked():
    tent = a_supply()
    theirs(tent)
    need = a_need(tent, 30)
    found = made(HERE)
    assert lines_of(found) == {} and found.unmet == [[str(need), 30, "stock"]]


def test_own_stores_first_and_the_neighbour_for_what_is_missing():
    tent = a_supply()
    own, other = a_store("金水库", HERE, {tent: 50}), theirs(tent)
    agreement = an_agreement()
    need = a_need(tent, 80)
    found = made(HERE)
    assert lines_of(found) == {(need, own): 50, (need, other): 30}
    assert tiers(found) == {own: "own", other: "agreement"}
    line = Line.objects.get(proposal=found, store_id=other)
    assert line.reason["agreement"] == {"id": str(agreement), "name": "金水荥阳互助协议"}
    assert "agreement" not in Line.objects.get(proposal=found, store_id=own).reason


def test_what_the_own_stores_have_is_not_asked_of_others_though_these_are_near():
    tent = a_supply()
    own = a_store("金水库", HERE, {tent: 80}, lon=113.78, lat=34.65)
    a_store("荥阳驻金水旁", THERE, {tent: 80}, owner=PARTY, lon=113.66, lat=34.78)
    an_agreement()
    need = a_need(tent, 80)
    assert lines_of(made(HERE)) == {(need, own): 80}


def test_canary_without_its_price_the_near_neighbour_would_be_asked_first(monkeypatch):
    from jingwei.apps.dispatch.rules import planning

    tent = a_supply()
    a_store("金水库", HERE, {tent: 80}, lon=113.78, lat=34.65)
    near = a_store("荥阳驻金水旁", THERE, {tent: 80}, owner=PARTY, lon=113.66, lat=34.78)
    an_agreement()
    need = a_need(tent, 80)
    monkeypatch.setattr(planning, "tier_prices", lambda values: {})
    assert lines_of(made(HERE)) == {(need, near): 80}


@pytest.mark.parametrize(
    ("more", "holds"),
    [
        ({}, True),
        ({"valid_from": TODAY.isoformat(), "valid_to": TODAY.isoformat()}, True),
        ({"valid_to": (TODAY - DAY).isoformat()}, False),
        ({"valid_from": (TODAY + DAY).isoformat()}, False),
        ({"kind": "transport"}, False),
        ({"kind": "supply"}, False),
        ({"party": "荥阳市政府总值班室"}, True),
        ({"party": "某地某单位"}, False),
        ({"place": "4101"}, True),
        ({"place": "410104"}, False),
    ],
)
def test_only_under_an_agreement_that_holds_on_the_day_and_is_of_the_place(more, holds):
    tent = a_supply()
    other = theirs(tent)
    an_agreement(**more)
    need = a_need(tent, 30)
    assert lines_of(made(HERE)) == ({(need, other): 30} if holds else {})


def test_canary_an_expired_agreement_would_be_used(monkeypatch):
    tent = a_supply()
    other = theirs(tent)
    an_agreement(valid_to=(TODAY - DAY).isoformat())
    need = a_need(tent, 30)
    asked = resources.list_agreements
    monkeypatch.setattr(
        aid.resources,
        "list_agreements",
        lambda place, *, kinds, on: asked(place, kinds=kinds, on=on - 2 * DAY),
    )
    # an agreement is read as of two days ago; its last day still bars what leaves after it
    assert lines_of(made(HERE)) == {} and [one.place for one in asked(HERE, kinds=["mutual"], on=TODAY)] == []
    monkeypatch.setattr(
        aid.resources, "list_agreements",
        lambda place, *, kinds, on: [
            resources.AgreementCard(uuid.uuid4(), "x", "mutual", HERE, PARTY, None)
        ],
    )  # fmt: skip
    assert lines_of(made(HERE)) == {(need, other): 30}


def test_an_agreement_that_was_struck_out_is_not_used():
    tent = a_supply()
    theirs(tent)
    registers.strike_row("agreements", an_agreement(), reason="已终止", **act(who="zhongyu"))
    a_need(tent, 30)
    assert lines_of(made(HERE)) == {}


def test_the_floor_of_the_neighbour_is_kept():
    tent = a_supply()
    other = theirs(tent, 100, floor=85)
    an_agreement()
    need = a_need(tent, 30)
    found = made(HERE)
    assert lines_of(found) == {(need, other): 15} and found.unmet[0][1] == 15


def test_an_agreement_of_a_part_serves_that_part_alone():
    tent = a_supply()
    away = a_store("外库", "4103", {tent: 100}, owner="41-yjt")
    an_agreement(place=HERE, party="41-yjt", kind="paired")
    inside, outside = a_need(tent, 10, place=HERE), a_need(tent, 10, place="410103")
    found = aid.list_helpers("4101", on=TODAY, asked_for={HERE, "410103"})
    assert found[away].terms[0] == "higher", "the level above is asked before a paired place"
    a_store("外库二", "4103", {tent: 100}, owner="410182-zbs")
    an_agreement(place=HERE, name="金水互助")
    found = aid.list_helpers("4101", on=TODAY, asked_for={HERE, "410103"})
    assert [one.terms[4] for one in found.values() if one.terms[0] == "agreement"] == [(HERE,)]
    assert not [
        one for one in aid.list_helpers("4101", on=TODAY, asked_for={"410103"}).values()
        if one.terms[0] == "agreement"
    ]  # fmt: skip
    assert inside != outside


def test_the_level_above_after_a_neighbour_and_a_paired_place_last():
    tent = a_supply()
    city = a_store("市级库", "4101", {tent: 10})
    depot = a_store("省库", "4103", {tent: 10}, owner="41-yjt")
    near = theirs(tent, 10)
    paired = a_store("对口库", "410184", {tent: 100}, owner="410184-zbs")
    an_agreement()
    an_agreement(name="对口支援", party="410184-zbs", kind="paired")
    a_need(tent, 60)
    found = made(HERE)
    assert tiers(found) == {city: "higher", depot: "higher", near: "agreement", paired: "paired"}
    quantities = dict(Line.objects.filter(proposal=found).values_list("store_id", "quantity"))
    assert quantities == {city: 10, depot: 10, near: 10, paired: 30}


def test_the_whole_nodes_stores_are_its_own():
    assert aid.list_helpers("", on=TODAY, asked_for={HERE}) == {}


def test_help_that_was_proposed_gives_way_when_the_own_stores_have_it_again():
    tent = a_supply()
    other = theirs(tent)
    an_agreement()
    need = a_need(tent, 30)
    assert lines_of(made(HERE)) == {(need, other): 30}
    own = a_store("金水库", HERE, {tent: 30})
    assert lines_of(made(HERE)) == {(need, own): 30}


# --- who may order it ---


@pytest.fixture
def asked():
    """A proposal of Jinshui with a line of its own and one out of Xingyang's store."""
    tent = a_supply()
    own, other = a_store("金水库", HERE, {tent: 50}), theirs(tent)
    an_agreement()
    a_need(tent, 80, due_at=STORM + 6 * HOUR)
    found = made(HERE)
    return found, {line.store_id: line.number for line in Line.objects.filter(proposal=found)}, own, other


def test_who_has_no_right_there_can_only_ask(asked):
    found, number, own, other = asked
    mine = act(who=OURS)
    assert refused(lambda: actions.accept_lines(found.pk, [number[other]], **mine)) == "line_of_others"
    assert refused(lambda: actions.accept_lines(found.pk, [*number.values()], **mine)) == "line_of_others"
    assert not Order.objects.exists() and not Promise.objects.exists()
    assert queries.count_for_others(found.pk, authority=authority_of(OURS)) == 1
    done = actions.accept_lines(found.pk, **mine)
    assert (done.ordered, done.failed) == (1, 0)
    assert Order.objects.get().store_id == own
    assert Line.objects.get(proposal=found, store_id=other).state == "proposed"
    assert refused(lambda: actions.accept_lines(found.pk, **mine)) == "line_of_others"


def test_a_post_over_both_orders_it_and_the_keeper_answers(asked):
    found, _, _, other = asked
    assert queries.count_for_others(found.pk, authority=authority_of("hejing")) == 0
    done = actions.accept_lines(found.pk, **act())
    assert (done.ordered, done.failed) == (2, 0)
    assert Order.objects.get(store_id=other).to_organization == PARTY


def test_canary_without_the_question_it_would_fail_only_when_it_is_promised(asked, monkeypatch):
    found, number, _, other = asked
    monkeypatch.setattr(actions.deciding, "_not_ours", lambda places, **_: set())
    done = actions.accept_lines(found.pk, [number[other]], **act(who=OURS))
    assert (done.ordered, done.failed) == (0, 1), "the stock asks for its own right all the same"
    assert not Promise.objects.exists()
