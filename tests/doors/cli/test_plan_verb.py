"""A plan of one's own is taken in at the machine: recorded, read in full, refused with what is wrong."""

import pytest

from jingwei.apps.journal import queries as journal
from jingwei.apps.plans import queries
from jingwei.apps.plans.facts import PlanLoaded
from jingwei.apps.plans.models import Plan
from jingwei.wiring.__main__ import main

pytestmark = pytest.mark.django_db


def test_a_plan_is_taken_in_and_recorded(tmp_path, capsys):
    (content,) = queries.list_shipped_plans()
    file = tmp_path / "ours.json"
    file.write_bytes(content.replace(b'"zhengzhou-flood"', b'"our-flood"'))
    before = Plan.objects.count()
    assert main(["plan", str(file)]) == 0 and main(["plan", str(file)]) == 0
    row = Plan.objects.get(code="our-flood")
    assert Plan.objects.count() == before + 1, "the same file again changes nothing"
    assert len(journal.list_entries(subjects=[str(row.id)], kinds=[PlanLoaded])) == 1
    assert "taken in" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"{}", b"not json", b"\xff\xfe"])
def test_a_file_that_is_no_plan_is_refused_with_exit_code_2(tmp_path, content):
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    before = Plan.objects.count()
    assert main(["plan", str(file)]) == 2
    assert Plan.objects.count() == before
    assert main(["plan", str(tmp_path / "nowhere.json")]) == 2
