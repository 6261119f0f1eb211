"""Pages of the tables of rules: tables and rows with addresses, filters, files; clauses lead there."""

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest

from jingwei.apps.hazards import queries as hazards
from jingwei.apps.hazards.facts import COLUMNS, SHEETS, is_rule_id, table_of
from jingwei.apps.hazards.models import Term
from jingwei.apps.reports.facts import Claim
from tests.builders import holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

CITY = "lisiyuan"


def page(path: str, language: str = "zh-hans", user: str = CITY) -> str:
    answer = signed_in(user, language).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/rules", "/rules/sources", "/rules/sources/SRC-ERL2024", "/rules/glossary/file.csv"]
)
def test_nobody_sees_the_rules_without_signing_in(client, path):
    assert client.get(path)["location"].startswith("/sign-in")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "信息报告时限"), ("en", "Reporting deadlines")])
def test_every_table_is_listed_with_rows_sources_and_what_is_recalled(language, word):
    found = page("/rules", language)
    assert word in found
    for one in hazards.list_sheets():
        assert f'href="/rules/{one.table}"' in found
        assert one.recalled == 0 or f'href="/rules/{one.table}?evidence=recalled"' in found
    grading = next(one for one in hazards.list_sheets() if one.table == "grading-rules")
    assert (grading.rows, grading.recalled, grading.sources > 3) == (200, 70, True)


def test_every_column_and_code_of_every_table_has_its_words():
    for table in SHEETS:
        assert set(hazards.fields_of(table)) <= set(COLUMNS), table
    client = signed_in(CITY)
    for table in SHEETS:
        assert client.get(f"/rules/{table}").status_code == 200, table


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/rules/reporting-deadlines/ND-03", ("自然灾害救助条例", "/rules/sources/SRC-RELIEFREG")),
        ("/rules/grading-rules/GR001", ("30", "第 3 条", "/rules/sources/SRC-REG493")),
        ("/rules/warning-signals/WS001", ("蓝色", "seen")),
        ("/rules/sources/SRC-ERL2024", ("2024-11-01", "/rules/reporting-deadlines?q=SRC-ERL2024")),
        ("/rules/event-codes/11B03", ("暴雨",)),
        ("/rules/glossary/natural-disaster", ("自然灾害", "natural disaster")),
    ],
)
def test_a_row_has_its_own_page_with_clause_source_evidence_and_history(path, words):
    found = page(path)
    for word in (*words, "历史"):
        assert word in found, word


def test_a_recalled_row_says_so_loudly():
    found = page("/rules/grading-rules?evidence=recalled")
    keys = re.findall(r'href="(/rules/grading-rules/GR[^"]+)"', found)
    assert len(keys) == 40 and "凭记忆" in page(keys[0])


@pytest.mark.parametrize("path", ["/rules/dragons", "/rules/sources/NONE", "/rules/grading-rules/GR999"])
def test_an_unknown_table_or_row_is_not_found(path):
    assert signed_in(CITY).get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "has", "not_"),
    [
        ("kind=11B00", "GR", ""),
        ("level=1", "GR001", "GR007"),
        ("q=铁路", "GR", "GR001<"),
        ("on=2005-01-01", "", "GR001"),
        ("kind=nonsense&on=nonsense", "GR001", ""),
    ],
)
def test_rows_are_found_by_words_kind_level_and_day(query, has, not_):
    found = page(f"/rules/grading-rules?{query}")
    assert has in found and (not not_ or not_ not in found)


def test_deadlines_of_another_province_do_not_show_as_holding_here():
    assert "HN-01" in page("/rules/reporting-deadlines?place=4101&q=HN")
    assert "HN-01" not in page("/rules/reporting-deadlines?place=3601&q=HN")


def test_pages_follow_one_another_and_miss_no_row():
    client, seen, start = signed_in(CITY), [], "/rules/grading-rules"
    while start:
        text = client.get(start).content.decode()
        seen += re.findall(r'class="title" href="/rules/grading-rules/([^"]+)"', text)
        following = re.search(r'href="(\?[^"]*from=\d+)" rel="next"', text)
        start = f"/rules/grading-rules{following[1]}" if following else ""
    assert len(seen) == len(set(seen)) == 200


def test_files_hold_all_that_fits_and_no_formula():
    Term.objects.create(term="formula", zh="=HYPERLINK(1)", en="+cmd|x", field="core")
    client = signed_in(CITY)
    rows = list(csv.reader(io.StringIO(client.get("/rules/glossary/file.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + Term.objects.count()
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    book = zipfile.ZipFile(io.BytesIO(client.get("/rules/grading-rules/file.xlsx?level=1").content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "GR001" in sheet and "<f>" not in sheet
    data = json.loads(client.get("/rules/sources/file.json?q=SRC-ERL2024").content)
    assert data[0]["id"] == "SRC-ERL2024" and data[0]["in_force"] == "2024-11-01"
    assert client.get("/rules/glossary/file.exe").status_code == 404


# --- clauses on every page -------------------------------------------------------------------------------


class Clauses(HTMLParser):
    """Chips that stand for a rule or a legal source and lead to none, and links within what is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self.nested: list[str] = []
        self.seen = 0
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        to_a_rule = tag == "a" and given.get("href", "").startswith("/rules/")
        if tag in ("a", "button", "summary") and any(t in ("a", "button", "summary") for t, _ in self._open):
            self.nested.append(given.get("href", tag))
        if to_a_rule:  # what waits in the details around it is answered
            for _, waiting in self._open:
                waiting.clear()
        if "src" in classes and is_clause(given.get("title", "")):
            self.seen += 1
            if not to_a_rule:
                inner = [waiting for t, waiting in self._open if t == "details"]
                (inner[-1] if inner else self.bare).append(given["title"])
        if tag not in ("meta", "link", "input", "br", "img", "path", "circle", "rect", "hr", "source"):
            self._open.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            last, waiting = self._open.pop()
            self.bare += waiting
            if last == tag:
                return


def is_clause(title: str) -> bool:
    first = (title.split() or [""])[0]
    return first.startswith(("SRC-", "ERL20")) or is_rule_id(first)


def clauses_of(html: str) -> Clauses:
    found = Clauses()
    found.feed(html)
    return found


def test_every_clause_on_every_page_leads_to_its_legal_source():
    figures = (Claim(measure="deaths", value=6, unit="person"),)
    receive(
        told("暴雨，6 人死亡", kind="11B03", place="410103", figures=figures),
        by=holding_of(CITY),
    )
    settle()
    client, waiting, kinds, seen = signed_in(CITY), ["/", "/incidents", "/clocks", "/plans", "/rules"], {}, 0
    done: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|(?<=/rules/)[^/]+/.*|(?<=/places/).*|(?<=/registers/).*", "*",
                      path.split("?")[0])  # fmt: skip
        if path in done or kinds.get(kind, 0) >= 3 or "/file." in path:
            continue
        done.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(path)
        if answer.status_code != 200 or not answer["content-type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        found = clauses_of(html)
        assert not found.bare, (path, found.bare)
        assert not found.nested, (path, found.nested)
        seen += found.seen
        waiting += [h for h in re.findall(r'<a [^>]*href="(/[^"#]*)"', html) if not h.startswith("/static")]
    assert seen > 20


def test_every_rule_and_source_that_a_link_names_is_there():
    client = signed_in(CITY)
    for rule_id in ("GR001", "GR113a", "RT001", "WS001", "ERL-01", "HN-02"):
        if hazards.find_rule(rule_id):
            assert client.get(f"/rules/{table_of(rule_id)}/{rule_id}").status_code == 200, rule_id


def test_canary_a_clause_without_a_link_and_a_link_in_a_link_are_seen():
    chip = '<span class="src full" title="GR001">GR001</span>'
    assert clauses_of(f"<p>{chip}</p>").bare == ["GR001"]
    assert clauses_of(f"<details><summary>{chip}</summary><p>words</p></details>").bare == ["GR001"]
    linked = '<a href="/rules/sources/SRC-REG493">x</a>'
    assert clauses_of(f"<details><summary>{chip}</summary><p>{linked}</p></details>").bare == []
    assert clauses_of(f"<a href='/x'>{linked}</a>").nested == ["/rules/sources/SRC-REG493"]
    assert clauses_of('<span class="src" title="duty_phone">x</span>').bare == []
