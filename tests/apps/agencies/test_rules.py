"""Who may do what, without a database."""

import uuid

import msgspec
import pytest

from jingwei.apps.agencies import rules
from jingwei.apps.agencies.queries import get_rights
from jingwei.apps.agencies.rules import ActionRight, Authority, Rights
from jingwei.kernel.refusals import Refused

RIGHTS = Rights(
    actions={
        "see": ActionRight("see", False, False, "", ""),
        "a.report": ActionRight("a.report", False, False, "", ""),
        "a.decide": ActionRight("a.decide", True, False, "", ""),
        "a.set_clock": ActionRight("a.set_clock", True, True, "", ""),
    },
    roles={
        "officer": frozenset({"see", "a.report", "a.decide"}),
        "operator": frozenset({"a.set_clock"}),
        "machine": frozenset({"a.report", "a.decide"}),
    },
)


def an_authority(**changes: str) -> Authority:
    one = uuid.UUID(int=1)
    return msgspec.structs.replace(
        Authority(
            holding=one,
            person=one,
            person_kind="human",
            person_zh="何静",
            person_en="He Jing",
            post=one,
            post_code="p",
            post_zh="值班员",
            post_en="Duty officer",
            role="officer",
            organization=one,
            organization_code="o",
            organization_zh="值班室",
            organization_en="Duty office",
            place="410182",
            hazard="",
        ),
        **changes,
    )


def reason(authority: Authority, action: str, place: str | None = None, hazard: str | None = None) -> str:
    denial = rules.find_denial(RIGHTS, authority, action, place=place, hazard=hazard)
    return "" if denial is None else str(denial.facts.get("reason", denial.code))


@pytest.mark.parametrize(
    ("post_place", "place", "expected"),
    [
        ("410182", "410182", ""),
        ("410182", "410182109", ""),
        ("410182", "410182109211", ""),
        ("410182", None, ""),
        ("410182", "410181", "place"),
        ("410182", "4101", "place"),
        ("410182", "41", "place"),
        ("410182", "", "place"),
        ("4101", "410182", ""),
        ("", "410182", ""),
        ("", "", ""),
    ],
)
def test_place_and_below_never_beside_or_above(post_place: str, place: str | None, expected: str) -> None:
    assert reason(an_authority(place=post_place), "a.decide", place=place) == expected


@pytest.mark.parametrize(
    ("post_hazard", "hazard", "expected"),
    [
        ("", "11B03", ""),
        ("11B00", "11B03", ""),
        ("11B00", "11B00", ""),
        ("11000", "11B03", ""),
        ("11B00", None, ""),
        ("11B03", "11B00", "hazard"),
        ("11A00", "11B03", "hazard"),
        ("11B00", "", "hazard"),
    ],
)
def test_hazard_and_its_kinds_never_beside_or_above(
    post_hazard: str, hazard: str | None, expected: str
) -> None:
    assert reason(an_authority(hazard=post_hazard), "a.decide", hazard=hazard) == expected


def test_a_role_that_lacks_the_action_or_is_unknown_is_refused() -> None:
    assert reason(an_authority(), "a.set_clock") == "role"
    assert reason(an_authority(role="nobody"), "see") == "role"


@pytest.mark.parametrize("kind", ["machine", "program", "", "robot"])
def test_only_a_human_decides_even_in_a_role_that_may(kind: str) -> None:
    assert reason(an_authority(role="machine", person_kind=kind), "a.decide") == "machine_may_not_decide"
    assert reason(an_authority(role="machine", person_kind=kind), "a.report") == ""


def test_what_concerns_the_whole_node_needs_a_post_without_limits_of_place() -> None:
    assert reason(an_authority(role="operator", place="4101"), "a.set_clock") == "place"
    assert reason(an_authority(role="operator", place="4101"), "a.set_clock", place="410182") == "place"
    assert reason(an_authority(role="operator", place=""), "a.set_clock") == ""


def test_an_action_outside_the_table_is_a_bug_and_loud() -> None:
    with pytest.raises(LookupError):
        rules.find_denial(RIGHTS, an_authority(), "a.invented")


@pytest.mark.parametrize(
    ("post_place", "place", "expected"),
    [
        ("4101", "410182", True),
        ("410182", "410182", True),
        ("410182", "4101", True),
        ("410182", "41", True),
        ("410182", "", True),
        ("410182", "410181", False),
        ("410182", "410181100", False),
        ("", "410182", True),
    ],
)
def test_a_post_sees_its_area_and_what_covers_it(post_place: str, place: str, expected: bool) -> None:
    assert rules.sees(RIGHTS, an_authority(place=post_place), place) is expected


def test_who_may_not_see_sees_nothing() -> None:
    assert not rules.sees(RIGHTS, an_authority(role="machine", place=""), "410182")


def test_a_link_back_to_oneself_is_a_circle() -> None:
    a, b, c = (uuid.UUID(int=n) for n in (1, 2, 3))
    assert rules.is_circle({b: {c}, c: {a}}, lower=a, upper=b)
    assert not rules.is_circle({b: {c}}, lower=a, upper=b)


@pytest.mark.parametrize(
    ("typed", "kept"), [("HeJing", "hejing"), (" hejing ", "hejing"), ("ｈｅｊｉｎｇ", "hejing")]
)
def test_a_user_name_has_one_form(typed: str, kept: str) -> None:
    assert rules.normal_username(typed) == kept


@pytest.mark.parametrize("bad", ["", "a", "-a", "何静", "a b", "a\x00b", "a" * 33])
def test_a_user_name_is_short_and_plain(bad: str) -> None:
    with pytest.raises(Refused, match="bad_username"):
        rules.check_username(bad)


@pytest.mark.parametrize(
    ("for_name", "from_address", "expected"),
    [(9, 9, False), (10, 10, True), (0, 59, False), (0, 60, True)],
)
def test_sign_in_waits_after_ten_failures_or_sixty_from_one_address(
    for_name: int, from_address: int, expected: bool
) -> None:
    assert rules.has_too_many_failures(for_name=for_name, from_address=from_address) is expected


def test_the_shipped_table_lets_no_machine_role_decide() -> None:
    rights = get_rights()
    for role in ("machine", "program_intake"):
        assert not [a for a in rights.roles[role] if rights.actions[a].decides]


#: What a person must do, whatever else the table says.
DECISIONS = (
    "confirm_grade",
    "judge_grade",
    "close_incident",
    "reopen_incident",
    "separate_report",
    "join_report",
)


@pytest.mark.parametrize("action", DECISIONS)
def test_the_shipped_table_keeps_decisions_about_incidents_for_people(action: str) -> None:
    assert get_rights().actions[f"incidents.{action}"].decides


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("duty_officer", "incidents.confirm_grade", "incidents.close_incident"),
        ("duty_chief", "incidents.close_incident", "agencies.reset_password"),
        ("commander", "incidents.confirm_grade", "reports.reveal_caller"),
        ("weather_officer", "reports.receive_reports", "incidents.confirm_grade"),
        ("field_reporter", "reports.receive_reports", "incidents.judge_grade"),
        ("media_monitor", "reports.receive_reports", "incidents.join_report"),
        ("program_intake", "reports.receive_reports", "see"),
        ("operator", "clock.start_scenario", "incidents.confirm_grade"),
        ("machine", "incidents.fuse_reports", "incidents.confirm_grade"),
        ("viewer", "see", "reports.receive_reports"),
        ("auditor", "operate", "agencies.retry_reaction"),
    ],
)
def test_each_role_in_the_shipped_table(role: str, may: str, may_not: str) -> None:
    granted = get_rights().roles[role]
    assert may in granted
    assert may_not not in granted
