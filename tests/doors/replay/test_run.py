"""`jingwei replay` prints what was found, in both languages, and writes the same as JSON."""

import io
import json
from pathlib import Path

import pytest

from jingwei.doors.replay import run as replay
from jingwei.doors.replay.table import Lang
from jingwei.wiring.reactions import declare

NAME = "zhengzhou-2021"


@pytest.mark.django_db
def test_json_holds_every_check_and_the_entries_it_rests_on(tmp_path: Path) -> None:
    declare()
    path = tmp_path / "found.json"
    assert replay.run(NAME, str(path), io.StringIO(), lang="en") == 0
    found = json.loads(path.read_text(encoding="utf-8"))
    checks = {c["id"]: c for c in found["assessment"]["checks"]}
    assert list(checks) == [f"C{n}" for n in range(1, 9)]
    assert found["rows"] == found["told"] == 39
    assert found["failures"] == found["unplaced"] == 0
    assert {d["what"] for d in checks["C5"]["details"]} == {"chain"}
    for check in checks.values():
        assert (check["state"] == "not_yet") == bool(check["needs"])
        assert (check["state"] == "not_yet") == (not check["entries"])
    assert any(i["proposed_grade"] == 1 and i["clauses"] == ["GR142"] for i in found["incidents"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ["18 小时 31 分 或 19 小时 01 分", "缺 4 天", "30 分", "拟", "GR142", "时间线 39 行"]),
        ("en", ["18 h 31 min or 19 h 01 min", "4 days missing", "proposed", "GR142", "39 rows"]),
    ],
)  # fmt: skip
def test_the_table_says_it_in_both_languages(lang: Lang, said: list[str]) -> None:
    declare()
    out = io.StringIO()
    assert replay.run(NAME, None, out, lang=lang) == 0
    text = " ".join(out.getvalue().split())
    for words in said:
        assert words in text


@pytest.mark.django_db
def test_a_reaction_that_fails_is_told_by_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    from jingwei.apps.journal.actions import Following, follow
    from jingwei.apps.reports.facts import ReportReceived

    def fails(entries: object, *, by: object, moment: object) -> None:
        raise RuntimeError("broken on purpose")

    follow({ReportReceived: [Following(name="test.fails", call=fails)]})
    try:
        out = io.StringIO()
        assert replay.run(NAME, None, out, lang="en") == 1
        assert "39 failures" in out.getvalue()
    finally:
        declare()
