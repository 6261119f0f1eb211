"""A case on disk: read whole, and when it cannot be read, the error names file, row and column."""

import itertools
from importlib.resources import files
from pathlib import Path

import pytest

from jingwei.apps.assessments.queries import CaseRefused as CaseUnknown
from jingwei.apps.assessments.queries import get_measures, list_cases
from jingwei.doors.replay.case import CaseRefused, read_case
from tests.doors.replay.copies import CaseCopy, Edit

NAME = "zhengzhou-2021"


def test_every_row_of_the_timeline_is_read_in_order_of_time(tmp_path: Path) -> None:
    case = read_case(NAME)
    timeline = CaseCopy(tmp_path).rows("timeline.csv")
    assert len(case.rows) == len(timeline) == 39
    assert sorted(case.rows, key=lambda r: r.at) == list(case.rows)
    assert {r.seq: r.told.words for r in case.rows} == {r["seq"]: r["event_zh"] for r in timeline}
    assert {r.seq: r.told.precision for r in case.rows} == {r["seq"]: r["precision"] for r in timeline}


def test_rows_of_one_time_keep_their_order() -> None:
    rows = read_case(NAME).rows
    ties = [(a.seq, b.seq) for a, b in itertools.pairwise(rows) if a.at == b.at]
    assert ties
    assert all(int(a) < int(b) for a, b in ties)


def test_a_folder_reads_like_the_shipped_case(tmp_path: Path) -> None:
    assert read_case(CaseCopy(tmp_path).folder).rows == read_case(NAME).rows


def test_a_row_that_stands_twice_is_the_same_row(tmp_path: Path) -> None:
    copy = CaseCopy(tmp_path)
    copy.double(28)
    rows = read_case(copy.folder).rows
    assert len(rows) == 40
    assert len({r.told.key for r in rows}) == 39


def test_figures_are_transcribed_with_known_measures_and_their_words_stand_in_the_timeline(
    tmp_path: Path,
) -> None:
    copy, squeezed = CaseCopy(tmp_path), str.maketrans("", "", " ,；;")
    told = {r["seq"]: " ".join(r.values()).translate(squeezed) for r in copy.rows("timeline.csv")}
    for figure in copy.rows("figures.csv"):
        assert figure["measure"] in get_measures()
        assert figure["unit"] == get_measures()[figure["measure"]].unit
        assert figure["words"].translate(squeezed) in told[figure["seq"]], figure


def test_sites_and_bodies_of_the_case_are_known_to_the_node(tmp_path: Path) -> None:
    import csv

    from jingwei.apps.agencies.queries import read_roster

    data = files("jingwei") / "data"
    lines = (data / "places" / "points.csv").read_text(encoding="utf-8").splitlines()
    sites = {r["id"]: r["code"] for r in csv.DictReader(lines)}
    bodies = {o.code for o in read_roster("zhengzhou").organizations}
    for row in CaseCopy(tmp_path).rows("inputs.csv"):
        assert not row["organization"] or row["organization"] in bodies, row
        assert not row["site"] or row["site"] in sites, row
    for figure in CaseCopy(tmp_path).rows("figures.csv"):
        assert figure["area"].isdigit() or figure["area"] in sites, figure


def _drop_column(column: str) -> Edit:
    def edit(copy: CaseCopy) -> None:
        copy.write(
            "timeline.csv", [{k: v for k, v in r.items() if k != column} for r in copy.rows("timeline.csv")]
        )

    return edit


def _bytes(file: str, content: bytes) -> Edit:
    return lambda copy: (copy.folder / file).write_bytes(content)


@pytest.mark.parametrize(
    ("edit", "file", "row", "column"),
    [
        (_drop_column("time_local"), "timeline.csv", 1, "time_local"),
        (lambda c: c.change("timeline.csv", 4, time_local="dawn"), "timeline.csv", 5, "time_local"),
        (lambda c: c.change("timeline.csv", 4, time_local="2021-07-20"), "timeline.csv", 5, "time_local"),
        (lambda c: c.change("timeline.csv", 4, precision="second"), "timeline.csv", 5, "precision"),
        (lambda c: c.change("figures.csv", 39, seq="99"), "figures.csv", 32, "seq"),
        (lambda c: c.change("figures.csv", 2, value="many"), "figures.csv", 2, "value"),
        (lambda c: c.change("figures.csv", 2, value="nan"), "figures.csv", 2, "value"),
        (lambda c: c.change("figures.csv", 2, measure="dead"), "figures.csv", 2, "measure"),
        (lambda c: c.change("figures.csv", 2, area=""), "figures.csv", 2, "area"),
        (lambda c: c.change("inputs.csv", 16, level="I"), "inputs.csv", 17, "level"),
        (lambda c: c.change("inputs.csv", 16, type="rumor"), "inputs.csv", 17, "type"),
        (lambda c: c.change("inputs.csv", 16, kind="flood"), "inputs.csv", 17, "kind"),
        (lambda c: c.change("inputs.csv", 16, place="Zhengzhou"), "inputs.csv", 17, "place"),
        (lambda c: c.change("inputs.csv", 16, seq="50"), "timeline.csv", 17, "seq"),
        (lambda c: c.write("timeline.csv", c.rows("timeline.csv")[:-1]), "inputs.csv", 40, "seq"),
        (lambda c: (c.folder / "figures.csv").unlink(), "figures.csv", 0, ""),
        (_bytes("timeline.csv", "序号".encode("gbk")), "timeline.csv", 0, ""),
        (_bytes("case.json", b"{"), "case.json", 0, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, edit: Edit, file: str, row: int, column: str) -> None:
    copy = CaseCopy(tmp_path)
    edit(copy)
    with pytest.raises(CaseRefused) as refused:
        read_case(copy.folder)
    facts = refused.value.facts
    assert (refused.value.code, facts["file"], facts["row"], facts["column"]) == (
        "case_unreadable", file, row, column,
    )  # fmt: skip
    assert facts["problem"]


def test_one_number_with_two_contents_is_no_repeat(tmp_path: Path) -> None:
    copy = CaseCopy(tmp_path)
    rows = copy.rows("timeline.csv")
    copy.write("timeline.csv", [*rows, rows[3] | {"event_zh": "别的"}])
    with pytest.raises(CaseRefused, match="twice"):
        read_case(copy.folder)


def test_a_case_nobody_knows_is_refused_with_those_known() -> None:
    with pytest.raises(CaseUnknown) as refused:
        read_case("atlantis-1900")
    assert refused.value.facts["known"] == ", ".join(list_cases())
