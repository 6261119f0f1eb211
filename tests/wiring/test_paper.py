"""`jingwei paper`: files that print without the node, each form on exactly one sheet."""

import re
from pathlib import Path
from typing import Any

import pytest

from jingwei.doors.web.paper import FORMS
from tests.builders import a_moment, holding_of

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

COPIES = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from jingwei.wiring.paper import write_sheets

    write_sheets(tmp_path, copies=COPIES, by=holding_of("zhongyu"), moment=a_moment())
    return tmp_path


def pages_of(file: Path, chromium: Any) -> int:
    """How many sheets of A4 Chromium makes of it, without a network."""
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    context.close()
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", pdf), "A4"
    return max(int(n) for n in re.findall(rb"/Count (\d+)", pdf))


@pytest.mark.parametrize("code", FORMS)
def test_every_form_is_one_sheet(code: str, folder: Path, chromium: Any) -> None:
    assert pages_of(folder / f"{code}.html", chromium) == COPIES


def test_a_form_too_long_for_its_sheet_would_be_noticed(folder: Path, chromium: Any) -> None:
    file = folder / "report.html"
    longer = file.read_text().replace('<div class="rule"></div>', '<div class="rule"></div>' * 4)
    file.write_text(longer)
    assert pages_of(file, chromium) > COPIES


def test_the_lists_are_filled_in_and_stand_alone(folder: Path) -> None:
    for code in ("deadlines", "plans", "roster"):
        text = (folder / f"{code}.html").read_text()
        assert "<style>" in text
        assert "href=" not in text
        assert text.count("<tr") > 5
    assert (folder / "roster.html").stat().st_mode & 0o077 == 0
