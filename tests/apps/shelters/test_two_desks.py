"""Several desks at once, on a database of their own: one family, one opening, no bed held twice."""

import threading
import uuid
from collections.abc import Callable

from django.db import connections

from jingwei.apps.hospitals import actions as hospitals
from jingwei.apps.hospitals.facts import NewBeds, NewTransfer
from jingwei.apps.hospitals.models import Transfer
from jingwei.apps.registers import actions as registers
from jingwei.apps.shelters import actions
from jingwei.apps.shelters.facts import NewFamily, NewGuest, NewOpening
from jingwei.apps.shelters.models import Guest, Household, Opening, Stay
from jingwei.kernel.refusals import Refused
from tests.nodes import LiveDatabase

from .acts import a_site, act, family, opened

DESKS = 4


def at_once(work: Callable[[int], object]) -> list[str]:
    """So many desks do it at the same moment; what each was told, '' when it was done."""
    start, said, broken = threading.Barrier(DESKS), [], []

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            try:
                work(number)
                said.append("")
            except Refused as no:
                said.append(no.code)
        except Exception as error:  # noqa: BLE001 - whatever broke a desk is shown below
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(DESKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return sorted(said)


def test_one_family_sent_four_times_at_once_is_one_family(live_db: LiveDatabase) -> None:
    opening, mine, given = opened(), act(), []
    new = NewFamily(guests=(NewGuest(name="王小明"), NewGuest(name="李丽")), key="k1")
    at_once(lambda _: given.append(actions.register_family(opening, new, **mine)))
    assert len(given) == DESKS and len(set(given)) == 1
    assert (Household.objects.count(), Guest.objects.count(), Stay.objects.count()) == (1, 2, 2)


def test_a_site_opened_four_times_at_once_is_open_once(live_db: LiveDatabase) -> None:
    site, mine = a_site(), act()
    said = at_once(lambda _: actions.open_shelter(NewOpening(shelter_id=site), **mine))
    assert said == ["", *["shelter_open_already"] * (DESKS - 1)] and Opening.objects.count() == 1


def test_somebody_moved_to_two_shelters_at_once_is_in_one(live_db: LiveDatabase) -> None:
    here, mine = opened(), act()
    goals = [opened(f"{n}中") for n in range(DESKS)]
    (one,) = family(here)
    said = at_once(lambda n: actions.move_guests(here, [one], goals[n], **mine))
    assert said == ["", *["guest_not_here"] * (DESKS - 1)]
    assert Stay.objects.filter(guest=one, until_at=None).count() == 1


def test_one_closes_while_others_register_and_nobody_is_left_inside(live_db: LiveDatabase) -> None:
    opening, mine = opened(), act()

    def work(number: int) -> object:
        if number == 0:
            return actions.close_shelter(opening, reason="雨停", **mine)
        new = NewFamily(guests=(NewGuest(name=f"王{number}"),))
        return actions.register_family(opening, new, **mine)

    at_once(work)
    inside = Stay.objects.filter(opening=opening, until_at=None).count()
    assert Opening.objects.get().closed_at is None or inside == 0


def test_the_last_bed_is_held_for_one_patient(live_db: LiveDatabase) -> None:
    mine, values = act(), {"name": "市一院", "place": "410105", "kind": "3A"}
    to = registers.add_row("hospitals", values, **act(who="zhongyu"))
    hospitals.report_beds(NewBeds(hospital_id=to, kind="icu", usable=1, taken=0), **mine)

    def asked(number: int) -> uuid.UUID:
        new = NewTransfer(to_id=to, kind="icu", patient=f"伤票 {number}", from_words="三中")
        return hospitals.ask_transfer(new, **mine)

    waiting = [asked(n) for n in range(DESKS)]
    said = at_once(lambda n: hospitals.accept_transfer(waiting[n], **mine))
    assert said == ["", *["no_bed_free"] * (DESKS - 1)]
    assert Transfer.objects.filter(state="accepted").count() == 1
