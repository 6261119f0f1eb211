"""How each action of shelters is performed, for the questions about rights."""

import uuid

from jingwei.apps.registers import actions as registers
from jingwei.apps.shelters import actions
from jingwei.apps.shelters.facts import NewFamily, NewGuest, NewOpening, NewSeeking
from jingwei.apps.shelters.models import Guest, Seeking
from tests.apps.people.cases import an_incident
from tests.rights import Act, Stage, a_holding, action_case


def a_site(stage: Stage, name: str = "一中体育馆") -> uuid.UUID:
    values = {"name": name, "place": stage.place, "kind": "S", "capacity": 100, "area_m2": 300.0}
    return registers.add_row("shelters", values, by=stage.operator, moment=stage.moment)


def an_opening(stage: Stage, name: str = "一中体育馆", **more: object) -> uuid.UUID:
    new = NewOpening(shelter_id=a_site(stage, name), **more)  # type: ignore[arg-type]
    return actions.open_shelter(new, by=stage.operator, moment=stage.moment)


def a_family(
    stage: Stage, opening: uuid.UUID, *guests: NewGuest, agreed: bool | None = True
) -> list[uuid.UUID]:
    new = NewFamily(guests=guests or (NewGuest(name="张三", age=40, sex="m"),), agreed=agreed)
    household = actions.register_family(opening, new, by=stage.operator, moment=stage.moment)
    return list(Guest.objects.filter(household=household).order_by("number").values_list("pk", flat=True))


def a_guest(stage: Stage, **fields: object) -> uuid.UUID:
    guest = NewGuest(**({"name": "张三", "age": 40} | fields))  # type: ignore[arg-type]
    return a_family(stage, an_opening(stage), guest)[0]


def a_seeking(stage: Stage) -> uuid.UUID:
    by = a_holding("field_reporter", place=stage.place)
    new = NewSeeking(seeker="李四", seeker_phone="13800000000", relation="妻子", name="张三")
    number = actions.ask_seeking(new, by=by, moment=stage.moment)
    return Seeking.objects.get(number=number).pk


@action_case("shelters.open_shelter")
def open_shelter(stage: Stage) -> Act:
    new = NewOpening(shelter_id=a_site(stage))
    return lambda by, moment: actions.open_shelter(new, by=by, moment=moment)


@action_case("shelters.change_opening")
def change_opening(stage: Stage) -> Act:
    opening = an_opening(stage)
    new = NewOpening(shelter_id=uuid.UUID(int=0), stage="long")
    return lambda by, moment: actions.change_opening(opening, new, by=by, moment=moment)


@action_case("shelters.close_shelter")
def close_shelter(stage: Stage) -> Act:
    opening = an_opening(stage)
    return lambda by, moment: actions.close_shelter(opening, reason="雨停了", by=by, moment=moment)


@action_case("shelters.reopen_shelter")
def reopen_shelter(stage: Stage) -> Act:
    opening = an_opening(stage)
    actions.close_shelter(opening, reason="雨停了", by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.reopen_shelter(opening, reason="又下雨", by=by, moment=moment)


@action_case("shelters.register_family")
def register_family(stage: Stage) -> Act:
    opening = an_opening(stage)
    new = NewFamily(guests=(NewGuest(name="张三"),))
    return lambda by, moment: actions.register_family(opening, new, by=by, moment=moment)


@action_case("shelters.change_guest")
def change_guest(stage: Stage) -> Act:
    guest = a_guest(stage)
    return lambda by, moment: actions.change_guest(guest, NewGuest(age=41), by=by, moment=moment)


@action_case("shelters.move_guests")
def move_guests(stage: Stage) -> Act:
    opening, other = an_opening(stage), an_opening(stage, "二中")
    guests = a_family(stage, opening)
    return lambda by, moment: actions.move_guests(opening, guests, other, by=by, moment=moment)


@action_case("shelters.let_guests_leave")
def let_guests_leave(stage: Stage) -> Act:
    opening = an_opening(stage)
    guests = a_family(stage, opening)
    return lambda by, moment: actions.let_guests_leave(opening, guests, went="home", by=by, moment=moment)


@action_case("shelters.bring_guests_back")
def bring_guests_back(stage: Stage) -> Act:
    opening = an_opening(stage)
    guests = a_family(stage, opening)
    actions.let_guests_leave(opening, guests, went="home", by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.bring_guests_back(opening, guests, by=by, moment=moment)


@action_case("shelters.strike_guest")
def strike_guest(stage: Stage) -> Act:
    guest = a_guest(stage)
    return lambda by, moment: actions.strike_guest(guest, reason="误登", by=by, moment=moment)


@action_case("shelters.restore_guest")
def restore_guest(stage: Stage) -> Act:
    guest = a_guest(stage)
    actions.strike_guest(guest, reason="误登", by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.restore_guest(guest, reason="没有误登", by=by, moment=moment)


@action_case("shelters.join_guests")
def join_guests(stage: Stage) -> Act:
    opening = an_opening(stage)
    (one,), (other,) = a_family(stage, opening), a_family(stage, opening)
    return lambda by, moment: actions.join_guests(one, other, by=by, moment=moment)


@action_case("shelters.part_guests")
def part_guests(stage: Stage) -> Act:
    opening = an_opening(stage)
    (one,), (other,) = a_family(stage, opening), a_family(stage, opening)
    actions.join_guests(one, other, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.part_guests(one, by=by, moment=moment)


@action_case("shelters.reveal_guest")
def reveal_guest(stage: Stage) -> Act:
    guest = a_guest(stage)
    return lambda by, moment: actions.reveal_guest(guest, reason="家属来接", by=by, moment=moment)


@action_case("shelters.search_guests")
def search_guests(stage: Stage) -> Act:
    a_guest(stage)
    return lambda by, moment: actions.search_guests(
        "张三", place=stage.place, reason="医院来问", by=by, moment=moment
    )


@action_case("shelters.take_list")
def take_list(stage: Stage) -> Act:
    opening = an_opening(stage)
    a_family(stage, opening)
    return lambda by, moment: actions.take_list(opening, reason="要停电", by=by, moment=moment)


@action_case("shelters.erase_guest")
def erase_guest(stage: Stage) -> Act:
    guest = a_guest(stage)
    return lambda by, moment: actions.erase_guest(
        guest, clause="个人信息保护法 第四十七条", by=by, moment=moment
    )


@action_case("shelters.note_consent")
def note_consent(stage: Stage) -> Act:
    guest = a_guest(stage)
    return lambda by, moment: actions.note_consent(guest, agrees=True, by=by, moment=moment)


@action_case("shelters.decide_consent")
def decide_consent(stage: Stage) -> Act:
    guest = a_guest(stage, age=5)
    return lambda by, moment: actions.decide_consent(guest, reason="父母在找", by=by, moment=moment)


@action_case("shelters.ask_seeking", scoped=False)
def ask_seeking(stage: Stage) -> Act:
    new = NewSeeking(seeker="李四", seeker_phone="13800000000", relation="妻子", name="张三")
    return lambda by, moment: actions.ask_seeking(new, by=by, moment=moment)


@action_case("shelters.look_up_seeking", scoped=False)
def look_up_seeking(stage: Stage) -> Act:
    return lambda by, moment: actions.look_up_seeking(
        "0000-0000", "13800000000", address="192.0.2.1", by=by, moment=moment
    )


@action_case("shelters.answer_seeking")
def answer_seeking(stage: Stage) -> Act:
    seeking, guest = a_seeking(stage), a_guest(stage)
    return lambda by, moment: actions.answer_seeking(seeking, guest, by=by, moment=moment)


@action_case("shelters.end_seeking")
def end_seeking(stage: Stage) -> Act:
    seeking = a_seeking(stage)
    return lambda by, moment: actions.end_seeking(seeking, reason="已自行找到", by=by, moment=moment)


@action_case("shelters.reopen_seeking")
def reopen_seeking(stage: Stage) -> Act:
    seeking = a_seeking(stage)
    actions.end_seeking(seeking, reason="已自行找到", by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.reopen_seeking(seeking, reason="认错人了", by=by, moment=moment)


@action_case("shelters.count_supply")
def count_supply(stage: Stage) -> Act:
    opening = an_opening(stage)
    return lambda by, moment: actions.count_supply(opening, "DS018", 20, by=by, moment=moment)


@action_case("shelters.adopt_heads")
def adopt_heads(stage: Stage) -> Act:
    incident = an_incident(stage)
    a_family(stage, an_opening(stage, incident_id=incident))
    return lambda by, moment: actions.adopt_heads(incident, stage.place, by=by, moment=moment)
