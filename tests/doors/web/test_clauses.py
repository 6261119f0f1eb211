"""Every clause in the words of every page, 第…条 or the number of a standard, leads to where it stands.

A page is read as a person sees it: wherever a clause is named, the line, cell, paragraph or opened fold it
stands in has a link to the tables of rules, the legal sources, or a plan. Pages for the public have no such
links: the tables are for who is signed in.
"""

import re
from html.parser import HTMLParser

import pytest

from jingwei.apps.reports.facts import Claim
from tests.builders import holding_of, receive, settle, told
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

CLAUSE = re.compile(
    r"第\s?[一二三四五六七八九十百零\d]+(?:\s?[-、至]\s?[一二三四五六七八九十百零\d]+)?\s?[条款]|\bart\. ?\d+"
    r"|\b(?:GB|GBZ|GA|AQ|MZ|WS|DZ|SL|HJ|YJ|XF|JGJ|QX|DB\d\d)(?:/[TZ])? ?\d{3,6}(?:[-—.]\d+)*|\bISO \d{3,5}"
)
LEADS = re.compile(r"/rules/|/plans/")
#: What a clause and its link stand in together.
BOXES = ("li", "tr", "dd", "p", "h1", "h2", "h3", "label", "figure", "details", "small", "dt", "legend")
VOID = frozenset(
    [
        "meta",
        "link",
        "input",
        "br",
        "img",
        "path",
        "circle",
        "rect",
        "hr",
        "source",
        "use",
        "line",
        "polygon",
        "polyline",
        "col",
        "wbr",
        "area",
    ]
)
#: Words that are not read as the page's own: what is typed, chosen, or stands in its head.
UNREAD = ("script", "style", "title", "textarea", "option")
BEGIN = ("/", "/incidents", "/reports", "/clocks", "/plans", "/rules", "/needs", "/stock", "/map", "/places",
         "/registers", "/tasks", "/sitreps", "/releases", "/replay", "/operate", "/paper", "/look",
         "/phone")  # fmt: skip


class Words(HTMLParser):
    """Clauses on a page that nothing beside them leads on from, and how many there are."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self.seen = 0
        self._open: list[tuple[str, bool, list[bool], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        leads = tag == "a" and bool(LEADS.match(dict(attrs).get("href") or ""))
        if leads:
            for _, _, linked, _ in self._open:
                linked[:] = [True]
        if tag not in VOID:
            self._open.append((tag, leads, [], []))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            last, _, linked, waiting = self._open.pop()
            self.bare += [] if linked else waiting
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if any(tag in UNREAD for tag, *_ in self._open):
            return
        boxes = [one for one in self._open if one[0] in BOXES]
        for found in CLAUSE.finditer(data):
            self.seen += 1
            if not any(leads for _, leads, *_ in self._open):
                (boxes[-1][3] if boxes else self.bare).append(found[0])


def words_of(html: str) -> Words:
    found = Words()
    found.feed(html)
    found.close()
    return found


def pages(client, *, each: int = 2):
    """Every kind of page that links lead to, some of each."""
    waiting, done, kinds = list(BEGIN), set(), {}
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|(?<=/rules/)[^/]+/.*|(?<=/places/).*|(?<=/registers/)[^/]*", "*",
                      path.split("?")[0])  # fmt: skip
        most = 30 if kind == "/registers/*" else each
        if path in done or kinds.get(kind, 0) >= most or "/file." in path:
            continue
        done.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(path)
        if answer.status_code == 200 and answer["content-type"].startswith("text/html"):
            html = answer.content.decode()
            yield path, html
            links = re.findall(r'<a [^>]*href="(/[^"#]*)"', html)
            waiting += [one.replace("&amp;", "&") for one in links if not one.startswith("/static")]


@pytest.mark.parametrize(
    ("user", "lang"), [("lisiyuan", "zh-hans"), ("hejing", "en"), ("zhongyu", "zh-hans")]
)
def test_every_clause_in_the_words_of_every_page_leads_on(user, lang):
    figures = (Claim(measure="deaths", value=6, unit="person"),)
    receive(told("暴雨，6 人死亡", kind="11B03", place="410103", figures=figures), by=holding_of("lisiyuan"))
    settle()
    client, seen, wrong, count = signed_in(user), 0, {}, 0
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = lang
    for path, html in pages(client):
        found = words_of(html)
        count, seen = count + 1, seen + found.seen
        if found.bare:
            wrong[path] = found.bare[:5]
    assert not wrong
    assert count > 80 and seen > 150, (count, seen)


@pytest.mark.parametrize(
    "words",
    [
        "第七十三条",
        "第 73 条",
        "第5款",
        "ERL2024 art.73",
        "GB/T 33743-2017",
        "GB 21734—2008",
        "WS/T 774",
        "ISO 22320",
    ],
)
def test_canary_a_clause_that_leads_nowhere_is_seen(words):
    link = '<a href="/rules/sources/SRC-ERL2024">法</a>'
    assert len(words_of(f"<ul><li>{words}</li><li>{link}</li></ul>").bare) == 1
    assert words_of(f"<ul><li>{words} {link}</li></ul>").bare == []
    assert words_of(f'<a href="/rules/sources/SRC-ERL2024">{words}</a>').bare == []
    assert len(words_of(f'<div>{words}</div><a href="/rules">x</a>').bare) == 1
    assert len(words_of(f"<table><tr><td>{words}</td></tr></table>").bare) == 1
    assert words_of(f"<textarea>{words}</textarea>").seen == 0
