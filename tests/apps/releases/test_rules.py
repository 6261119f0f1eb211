"""A draft says what the record holds and no more; what lacks blocks; nobody approves their own text."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.releases import rules
from jingwei.apps.releases.rules import FigureTold, Pair, Record, ReleaseRefused, Response

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
NONE = Pair("", "")


BUREAU, NOTICE = Pair("市应急管理局", "Bureau of Emergency Management"), Pair("市防指通知", "notice")


def a_figure(source: Pair = BUREAU) -> FigureTold:
    return FigureTold(
        measure=Pair("死亡", "Deaths"), area=Pair("荥阳市", "Xingyang"), value="6",
        unit=Pair("人", "people"), as_of="2026-07-20 08:00", source=source,
    )  # fmt: skip


def a_response(source: Pair = NOTICE) -> Response:
    return Response(organization=Pair("市防指", "Flood HQ"), level=2, source=source)


def a_record(**changes: object) -> Record:
    fields: dict = {
        "title": Pair("荥阳市 暴雨", "Rainstorm, Xingyang"),
        "kind": Pair("暴雨", "Rainstorm"),
        "place": Pair("荥阳市", "Xingyang"),
        "time": "2026-07-20 08:00",
        "grade": 2,
        "responses": (a_response(),),
        "figures": (a_figure(),),
    }
    return Record(**(fields | changes))


def test_a_full_record_makes_a_text_without_gaps():
    made = rules.draft(a_record())
    assert made.gaps == () and not rules.list_gaps(made.text.zh, made.text.en)
    for said in (
        "荥阳市",
        "重大突发事件（II级）",
        "II级应急响应（来源：市防指通知）",
        "死亡6人（来源：市应急管理局）",
    ):
        assert said in made.text.zh


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"place": NONE}, "place"),
        ({"time": ""}, "time"),
        ({"grade": None}, "grade"),
        ({"responses": ()}, "response"),
        ({"responses": (a_response(NONE),)}, "response"),
        ({"figures": ()}, "figures"),
        ({"figures": (a_figure(NONE),)}, "figures"),
    ],
)
def test_what_the_record_lacks_is_a_gap_in_both_languages(changes, gap):
    made = rules.draft(a_record(**changes))
    assert made.gaps == (gap,)
    assert len(rules.list_gaps(made.text.zh)) == 1 and len(rules.list_gaps(made.text.en)) == 1


def test_a_figure_without_source_is_not_told_beside_one_with():
    other = FigureTold(
        measure=Pair("失踪", "Missing"), area=Pair("荥阳市", "Xingyang"), value="99",
        unit=Pair("人", "people"), as_of="x", source=NONE,
    )  # fmt: skip
    made = rules.draft(a_record(figures=(a_figure(), other)))
    assert made.gaps == () and "99" not in made.text.zh and "99" not in made.text.en


@pytest.mark.parametrize(
    ("title", "text", "until", "code"),
    [
        ("通报", "已恢复。", NOW + timedelta(seconds=1), ""),
        ("通报", "已恢复。", NOW, "release_end_past"),
        ("通报", "已恢复。", None, "release_end_missing"),
        ("", "已恢复。", NOW + timedelta(days=1), "release_text_missing"),
        ("通报", " ", NOW + timedelta(days=1), "release_text_missing"),
        ("通报", "已恢复。【待填：地点】", NOW + timedelta(days=1), "release_gaps_left"),
        ("【待填：地点】通报", "已恢复。", NOW + timedelta(days=1), "release_gaps_left"),
        ("Notice", "Open. [to fill: time]", NOW + timedelta(days=1), "release_gaps_left"),
    ],
)
def test_what_may_go_before_an_approver(title, text, until, code):
    def check():
        rules.check_ready(titles=(title,), texts=(text,), valid_until=until, at=NOW)

    if not code:
        check()
        return
    with pytest.raises(ReleaseRefused) as refused:
        check()
    assert refused.value.code == code


def test_the_second_person_differs_from_every_author():
    rules.check_second_person(approver="b", authors=["a"])
    for approver, authors, code in (("a", ["a", "c"], "release_own_text"), ("b", [], "release_not_edited")):
        with pytest.raises(ReleaseRefused) as refused:
            rules.check_second_person(approver=approver, authors=authors)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("一人受伤。道路中断。", "二人受伤。道路中断。", "-一+二=人受伤。道路中断。"),
        ("死亡6人。", "死亡16人。", "=死亡-6+16=人。"),
        ("积水1.5米。", "积水1.2米。", "=积水-1.5+1.2=米。"),
        ("6 people died. Roads shut.", "16 people died. Roads shut.", "-6+16= people died. Roads shut."),
        ("道路中断。", "地铁停运，请勿外出。", "-道路中断。+地铁停运，请勿外出。"),
        ("道路中断。", "道路中断。地铁停运。", "=道路中断。+地铁停运。"),
        ("下午三点死亡六人。", "下午四点受伤九人。", "=下午-三点死亡六+四点受伤九=人。"),
    ],
)
def test_a_change_marks_the_words_that_changed_where_they_stood(old, new, marked):
    signs = {"old": "-", "new": "+", "same": "="}
    runs = groupby(rules.list_changes(old, new), key=lambda c: c.what)
    assert "".join(signs[what] + "".join(c.text for c in run) for what, run in runs) == marked


@given(old=st.text(), new=st.text())
def test_both_texts_can_be_read_back_from_their_changes(old, new):
    changes = rules.list_changes(old, new)
    assert "".join(c.text for c in changes if c.what != "new") == old
    assert "".join(c.text for c in changes if c.what != "old") == new
