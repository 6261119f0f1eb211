"""Tables of divisions come in by the command, once; codes of any year are resolved."""

import pytest

from jingwei.apps.places.models import Division
from jingwei.apps.places.queries import get_nation_path, read_divisions
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
