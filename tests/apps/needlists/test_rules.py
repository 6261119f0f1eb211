"""What cells of a list of needs say: quantities, deadlines and groups as people write them."""

from datetime import date

import pytest

from jingwei.apps.needlists import rules
from jingwei.apps.needlists.rules import CellOdd

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("500", 500, ""),
        ("５００", 500, ""),
        ("1,200", 1200, ""),
        ("1 200", 1200, ""),
        ("20.0", 20, ""),
        ("1.5万", 15_000, ""),
        ("30 顶", 30, "顶"),
        ("约２０箱", 20, "箱"),
        ("at least 40 boxes", 40, "boxes"),
        ("五百", 500, ""),
        ("三百床", 300, "床"),
        ("约一千五百 瓶", 1500, "瓶"),
        ("一百多顶", 100, "顶"),
        ("200余床", 200, "床"),
        ("", None, ""),
        ("若干", None, ""),
        ("TBD", None, ""),
    ],
)
def test_a_quantity_is_read_as_people_write_it(text, number, unit):
    assert rules.read_amount(text) == rules.Amount(number, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("很多", "cell_no_number"),
        ("200-300", "cell_no_number"),
        ("几百", "cell_no_number"),
        ("两三百床", "cell_no_number"),
        ("200顶到300顶", "cell_no_number"),
        ("三百至五百", "cell_no_number"),
        ("-5", "cell_no_number"),
        ("2.5", "cell_not_whole"),
        ("0", "need_quantity_impossible"),
        ("1,000,000,001", "need_quantity_impossible"),
    ],
)
def test_what_is_no_quantity_is_never_guessed(text, code):
    with pytest.raises(CellOdd) as odd:
        rules.read_amount(text)
    assert odd.value.code == code


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-01", "2026-12-01T23:59:00"),
        ("2026/12/1 18:00", "2026-12-01T18:00:00"),
        ("2026-12-01 18:00:00", "2026-12-01T18:00:00"),
        ("2026-12-01T18:00", "2026-12-01T18:00:00"),
        ("２０２６年１２月１日 １８：３０前", "2026-12-01T18:30:00"),
        ("12月1日下午6点", "2026-12-01T18:00:00"),
        ("12月1日前", "2026-12-01T23:59:00"),
        ("1月2日", "2027-01-02T23:59:00"),
        ("11月29日", "2026-11-29T23:59:00"),
        ("20261201", "2026-12-01T23:59:00"),
        ("46357", "2026-12-01T23:59:00"),
        ("46357.75", "2026-12-01T18:00:00"),
        ("2026-12-01 6 pm", "2026-12-01T18:00:00"),
        ("2026-12-01 24:00", "2026-12-02T00:00:00"),
    ],
)
def test_a_deadline_is_read_as_people_and_spreadsheets_write_it(text, at):
    found = rules.read_deadline(text, today=TODAY)
    assert found is not None and found.isoformat() == at


@pytest.mark.parametrize(
    "text", ["明天", "31/01/2026", "01/02/2026", "1/2", "2026-02-30", "2026-12-01 25:00", "99"]
)
def test_a_deadline_with_two_meanings_or_none_is_refused(text):
    with pytest.raises(CellOdd) as odd:
        rules.read_deadline(text, today=TODAY)
    assert odd.value.code == "cell_no_time"


@pytest.mark.parametrize("text", ["", "尽快", "ASAP", "待定"])
def test_no_time_is_no_deadline(text):
    assert rules.read_deadline(text, today=TODAY) is None
    assert rules.is_now(text) == (text in ("尽快", "ASAP"))


def test_groups_are_known_by_their_words_and_the_others_stay_words():
    assert rules.read_groups("老人、儿童、全体灾民") == (("elderly", "children"), "全体灾民")
    assert rules.read_groups("infants and elderly") == (("infants", "elderly"), "")
    assert rules.read_groups("") == ((), "")
