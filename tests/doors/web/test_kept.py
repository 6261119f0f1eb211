"""Rows that are drawn once and kept: the same as drawn anew, and seen by nothing but what they are given."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.utils import translation

from jingwei.doors.web.templatetags import jw_kept

TEMPLATES = Path(jw_kept.__file__).parents[1] / "templates"
NOW = datetime(2021, 7, 20, 8, 0, tzinfo=UTC)
_KEPT = re.compile(r'{% kept "([^"]+)" (.*?) %}')
_WORD = re.compile(r"{([{%].*?)[}%]}")
#: Names a part may use without being given them: those of the language, and what it makes itself.
_OWN = {"and", "or", "not", "in", "is", "if", "elif", "else", "for", "with", "as", "True", "False", "None"}


@pytest.fixture(autouse=True)
def _none_kept():
    jw_kept.KEPT.clear()
    yield
    jw_kept.KEPT.clear()


def page(now: datetime = NOW, **more: object) -> SimpleNamespace:
    return SimpleNamespace(now=now, authority=object(), sources={}, **more)


def draw(words: str, **given: object) -> str:
    given.setdefault("page", page())
    return Template("{% load jw_kept %}" + words).render(Context(given))


def part(monkeypatch, text: str) -> None:
    """One part of that text under the name `part.html`."""
    engine = engines["django"].engine
    made = engine.from_string(text)
    real = engine.get_template
    monkeypatch.setattr(engine, "get_template", lambda name: made if name == "part.html" else real(name))


def test_what_is_the_same_is_drawn_once_and_anything_else_anew(monkeypatch):
    part(monkeypatch, "{% load jw %}{{ r.title }} {% ago r.at %}")
    words = '{% kept "part.html" r=r age=r.at %}'
    row = SimpleNamespace(title="水", at=NOW - timedelta(minutes=3))
    first = draw(words, r=row)
    assert "3" in first and draw(words, r=SimpleNamespace(**vars(row))) == first and len(jw_kept.KEPT) == 1
    assert draw(words, r=row, page=page(NOW + timedelta(seconds=20))) == first, "the same minute"
    assert len(jw_kept.KEPT) == 1
    later = draw(words, r=row, page=page(NOW + timedelta(minutes=1)))
    assert later != first and "4" in later
    assert "火" in draw(words, r=SimpleNamespace(title="火", at=row.at))
    with translation.override("en"):
        assert "3 min ago" in draw(words, r=row)
    assert len(jw_kept.KEPT) == 4


def test_canary_without_the_time_among_what_is_given_it_would_be_old(monkeypatch):
    part(monkeypatch, "{% load jw %}{% ago r.at %}")
    row = SimpleNamespace(at=NOW - timedelta(minutes=3))
    first = draw('{% kept "part.html" r=r %}', r=row)
    assert draw('{% kept "part.html" r=r %}', r=row, page=page(NOW + timedelta(minutes=9))) == first


def test_a_part_sees_what_it_is_given_alone(monkeypatch):
    part(monkeypatch, "{{ r }}|{{ other }}|{{ page.theme }}")
    assert draw('{% kept "part.html" r=r %}', r="a", other="b", page=page(theme="dark")) == "a||"


def test_what_cannot_be_told_apart_is_drawn_each_time(monkeypatch):
    part(monkeypatch, "{{ r.n }}")
    thing = type("Thing", (), {"n": 1})()
    assert draw('{% kept "part.html" r=r %}', r=thing) == "1"
    thing.n = 2
    assert draw('{% kept "part.html" r=r %}', r=thing) == "2"
    assert not len(jw_kept.KEPT)


def test_mark_up_and_plain_words_are_told_apart(monkeypatch):
    from django.utils.safestring import mark_safe

    part(monkeypatch, "{{ r }}")
    assert draw('{% kept "part.html" r=r %}', r=mark_safe("<b>")) == "<b>"
    assert draw('{% kept "part.html" r=r %}', r="<b>") == "&lt;b&gt;"


def test_whom_law_is_shown_to_counts_where_a_part_leads_there(monkeypatch):
    part(monkeypatch, '{% load jw %}{% chip "SRC-ERL2024 art. 61" %}')
    words = '{% kept "part.html" r=1 law=1 %}'
    titles = {"SRC-ERL2024": "突发事件应对法"}
    signed_in = draw(words, page=SimpleNamespace(now=NOW, authority=object(), sources=titles))
    public = draw(words, page=SimpleNamespace(now=NOW, authority=None, sources=titles))
    assert "href" in signed_in and "href" not in public


def test_the_oldest_go_first():
    kept = jw_kept.Kept(most=2)
    for n in range(3):
        kept.keep((n,), str(n))
    assert [kept.find((n,)) for n in range(3)] == [None, "1", "2"]


def test_kept_asks_for_a_template_and_names():
    with pytest.raises(TemplateSyntaxError):
        Template('{% load jw_kept %}{% kept "part.html" %}')


# --- the parts as they stand -----------------------------------------------------------------------------


def uses() -> list[tuple[str, str, set[str]]]:
    """Every use: where, which part, and what it is given."""
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for name, given in _KEPT.findall(path.read_text(encoding="utf-8")):
            found.append((path.name, name, {one.partition("=")[0] for one in given.split()}))
    return found


def names_in(text: str) -> set[str]:
    """First names of what a template speaks of, without texts, tags and filters."""
    found: set[str] = set()
    own = set(_OWN)
    for inside in _WORD.findall(text):
        bare = re.sub(r'"[^"]*"', " ", inside).strip("{% ")
        tag, _, rest = bare.partition(" ")
        if tag == "load":
            continue
        if tag in ("for", "blocktranslate", "include"):
            own |= set(re.findall(r"(\w+)(?=\s+in\b|=)", rest))
        asks, words = tag in ("if", "elif"), re.sub(r"\|\w+", " ", rest if inside[0] == "%" else bare)
        # of other tags only what has a field: their bare words are their own
        found |= set(
            re.findall(r"(?<![\w.])([a-z_]\w*)" + ("" if asks or inside[0] != "%" else r"(?=\.)"), words)
        )
    return found - own


def missing(name: str, given: set[str]) -> set[str]:
    """What the part, or one it includes, speaks of and is not given."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    wanted = names_in(text) - {"forloop"}
    if re.search(r"{% ago ", text) and "age" not in given:
        wanted.add("age")
    if re.search(r"{% running ", text) and "since" not in given:
        wanted.add("since")
    if re.search(r"{% (chip|source|clause_address) ", text) and "law" not in given:
        wanted.add("law")
    return wanted - given


def test_every_part_is_given_all_it_speaks_of():
    found = uses()
    assert len(found) >= 12
    assert {(where, name): missing(name, given) for where, name, given in found if missing(name, given)} == {}


def test_canary_a_part_that_is_not_given_all_is_found():
    assert missing("web/parts/report_row.html", {"r"}) == {"age"}
    assert missing("web/parts/incident_row.html", {"since"}) == {"i"}
    assert missing("web/parts/event.html", {"e", "n"}) == {"law"}
    assert missing("web/releases/row.html", {"r", "mine"}) == {"can"}
