"""The comparison's pages: what differs most first, every line with its marks, every point to its fact."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from django.utils.translation import override

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.assessments.actions import keep_comparison
from jingwei.apps.assessments.facts import Compared
from jingwei.apps.assessments.queries import find_comparison
from jingwei.apps.clock.actions import start_scenario
from jingwei.doors.entry import comparing
from jingwei.doors.entry.moments import real_now
from jingwei.doors.web import terms
from jingwei.kernel.moments import Moment
from tests.builders import an_incident
from tests.doors.replay.compared import a_comparison
from tests.doors.web.test_plans import signed_in

pytestmark = pytest.mark.django_db

PAGE = "/replay/compare"
FACT = re.compile(r'href="(/replay/compare/fact/[0-9a-f-]+)"')
RULE = re.compile(r'href="(/rules/[^"]+)"')


@pytest.fixture
def found() -> Compared:
    """A comparison of the first day, kept on this node."""
    one, now = a_comparison(), real_now()
    keep_comparison(one, by=agencies.get_operator(at=now), moment=Moment(at=now, recorded_at=now))
    return one


def read(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def all_pages(client: Client) -> list[str]:
    pages, path = [], f"{PAGE}?all=1"
    while path:
        pages.append(read(client, path))
        onward = re.search(r'href="([^"]*from=(\d+)[^"]*)"[^>]*>(?:往后|Further)', pages[-1])
        path = onward[1].replace("&amp;", "&") if onward else ""
    return pages


# --- first sight -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [PAGE, f"{PAGE}/fact/{'0' * 8}-0000-0000-0000-{'0' * 12}", "/rules/sources/X"]
)
def test_nobody_sees_it_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302


def test_without_a_comparison_the_page_says_how_one_is_made() -> None:
    assert "--as rules --store" in read(signed_in("lisiyuan"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_four_pairs_stand_first_each_with_both_tracks_and_its_marks(found: Compared, language: str) -> None:
    text = read(signed_in("lisiyuan", language))
    assert len(text.encode()) < 150_000
    keys = re.findall(r'data-pair="(\w+)"', text)
    assert keys == [p.key for p in found.pairs] == ["level", "continued", "command", "public"]
    tag = (lambda w: w.zh) if language == "zh-hans" else (lambda w: w.en)
    for pair in found.pairs:
        block = text[text.index(f'data-pair="{pair.key}"') :]
        block = block[: block.index("</li>")]
        for words in (pair.title, pair.recorded, pair.rules, pair.difference):
            assert tag(words).replace("'", "&#x27;") in block
        assert set(re.findall(r'data-mark="(\w+)"', block)) == set(pair.marks)
    assert text.index('data-pair="level"') < text.index('class="panel axis"') < text.index('class="double"')


def test_the_level_is_compared_with_every_source(found: Compared) -> None:
    (pair,) = [p for p in found.pairs if p.key == "level"]
    assert (pair.rules.zh, pair.rules.en) == ("7月19日 22:14", "19 Jul 22:14")
    assert (pair.recorded.zh, pair.difference.zh) == ("7月20日 16:30", "早 18 小时 16 分")
    (other,) = pair.otherwise
    assert (other.recorded.zh, other.difference.zh) == ("7月20日 17:00", "早 18 小时 46 分")
    text = read(signed_in("lisiyuan"))
    block = text[text.index('data-pair="level"') : text.index('data-pair="continued"')]
    (line,) = [r for r in found.lines if r.id == other.line]
    assert "另一来源" in block
    assert f'href="{PAGE}/fact/{line.facts[0]}"' in block
    assert {"recalled", "illustration", "estimate"} <= set(pair.marks)


def test_it_never_says_that_anybody_would_have_been_saved(found: Compared) -> None:
    for language in ("zh-hans", "en"):
        for text in all_pages(signed_in("lisiyuan", language)):
            assert not re.search(
                r"挽救|获救|少死|免于|避免.{0,6}伤亡|lives|saved|would have (?!become)", text
            )


# --- every line says what it rests on --------------------------------------------------------------------


class Lines(HTMLParser):
    """The lines of a page: id to the text of its marks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._line, self._mark = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "li":
            self._line = told.get("data-line") or ""
            if self._line:
                self.found[self._line] = []
        self._mark = bool(self._line) and "data-mark" in told

    def handle_data(self, data: str) -> None:
        if self._mark and data.strip():
            self.found[self._line].append(data.strip())
            self._mark = False


def marks_on(text: str) -> dict[str, list[str]]:
    parser = Lines()
    parser.feed(text)
    return parser.found


def unmarked(pages: list[str], found: Compared, language: str) -> list[str]:
    """Lines of the pages that rest on something they do not say in words, or that are missing."""
    shown = {i: words for text in pages for i, words in marks_on(text).items()}
    with override(language):
        lacking = []
        for line in found.lines:
            needs = {m for b in line.bases for m in b.marks}
            needs |= {"recalled"} if "recalled" in line.evidence else set()
            needs |= {"generated"} if "generated" in line.evidence else set()
            needs |= {"estimate"} if line.by.zh and line.track == "rules" else set()
            words = {terms.say("run_mark", m) for m in needs}
            if line.id not in shown or not words <= set(shown[line.id]):
                lacking.append(line.id)
    return lacking


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_line_of_the_pages_says_what_it_rests_on(found: Compared, language: str) -> None:
    pages = all_pages(signed_in("lisiyuan", language))
    assert any("recalled" in r.evidence for r in found.lines)
    assert unmarked(pages, found, language) == []


def test_canary_a_mark_taken_away_is_seen(found: Compared) -> None:
    pages = all_pages(signed_in("lisiyuan", "en"))
    line = next(r for r in found.lines if r.what == "activated")
    for word in ("recalled, unverified", "our estimate", "illustration of a plan"):
        without = [p.replace(word, "", -1) for p in pages]
        assert unmarked(without, found, "en")
    without = [
        re.sub(rf'<li class="cmp[^>]*data-line="{line.id}".*?</li>', "", p, flags=re.DOTALL) for p in pages
    ]
    assert unmarked(without, found, "en") == [line.id]


# --- every point leads on --------------------------------------------------------------------------------


POINT = re.compile(r'<a href="([^"]+)"><title>([^<]+)</title>')


def drawings(text: str) -> list[str]:
    """The two drawings of a page: along the screen, and downward on a narrow one."""
    axis = text[text.index('class="panel axis"') : text.index("</figure>")]
    return re.findall(r"<svg.*?</svg>", axis, flags=re.DOTALL)


def lost(client: Client, hrefs: set[str], found: Compared) -> list[str]:
    """Links to facts and rules that do not show what they promise."""
    kinds = {f"{PAGE}/fact/{f.id}": f for f in found.facts}
    gone = []
    for href in sorted(hrefs):
        answer = client.get(href)
        text = answer.content.decode()
        if answer.status_code != 200:
            gone.append(href)
        elif href.startswith(PAGE):
            fact = kinds.get(href)
            shown = fact is not None and fact.id in text and f"<code>{fact.kind}</code>" in text
            gone += [] if shown and 'data-line="' in text else [href]
        else:
            told = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", text, flags=re.DOTALL))
            words = [
                re.sub(r"<[^>]+>", "", told.get(k, "")).strip() for k in ("Source", "Evidence", "In force")
            ]
            gone += [] if all(w not in ("", "–") for w in words) else [href]
    return gone


def test_every_point_leads_to_its_fact_and_every_clause_to_its_row(found: Compared) -> None:
    client = signed_in("lisiyuan", "en")
    pages = all_pages(client)
    facts = {href for text in pages for href in FACT.findall(text)}
    rules = {href for text in pages for href in RULE.findall(text)}
    assert len(facts) > 30
    assert rules
    assert lost(client, facts | rules, found) == []
    # every line of the outcome has its link, and every rule it names with a page of its own
    assert {f"{PAGE}/fact/{r.facts[0]}" for r in found.lines} <= facts
    named = {f"/rules/{b.table}/{b.row}" for r in found.lines for b in r.bases if b.table and b.row}
    assert named <= rules


MARKED = re.compile(r'<(?:circle|path|rect) class="(?:an|dm|wd|g\d)"')


def test_both_drawings_hold_the_same_points_and_none_without_a_link(found: Compared) -> None:
    both = drawings(read(signed_in("lisiyuan")))
    along, downward = (POINT.findall(d) for d in both)
    assert len(along) > 20
    assert sorted(along) == sorted(downward)
    assert {href for href, _ in along} <= {f"{PAGE}/fact/{f.id}" for f in found.facts}
    for one in both:
        assert MARKED.search(one)
        assert not MARKED.search(re.sub(r"<a .*?</a>", "", one, flags=re.DOTALL))


def test_canary_a_link_that_leads_elsewhere_is_seen(found: Compared) -> None:
    client = signed_in("lisiyuan", "en")
    wrong = {f"{PAGE}/fact/{'0' * 8}-0000-0000-0000-{'0' * 12}", "/rules/sources/NONE", PAGE}
    assert lost(client, wrong, found) == sorted(wrong)


def test_a_fact_is_shown_as_it_was_written_down(found: Compared) -> None:
    line = next(r for r in found.lines if r.what == "activated")
    (fact,) = [f for f in found.facts if f.id == line.facts[0]]
    text = read(signed_in("lisiyuan"), f"{PAGE}/fact/{fact.id}")
    assert "plans.activated/1" in text
    assert line.by.zh in text
    shown = text[text.index("<pre") : text.index("</pre>")]
    body = json.loads(re.sub(r"<[^>]+>", "", shown).replace("&quot;", '"').replace("&#x27;", "'"))
    assert body == json.loads(msgspec.json.encode(fact.body))
    assert body["level"] == 1


def test_a_row_told_on_this_node_is_linked_to_its_report(found: Compared) -> None:
    from jingwei.doors.replay.case import read_case
    from jingwei.doors.replay.player import play_until

    case = read_case("zhengzhou-2021")
    before = read(signed_in("lisiyuan"))
    assert "/reports/" not in before[before.index('class="double"') :]
    play_until(case, until=case.rows[1].at)
    after = read(signed_in("lisiyuan"))
    assert after[after.index('class="double"') :].count("/reports/") == 2


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/rules/reporting-deadlines/ND-03", "自然灾害救助条例"),
        ("/rules/sources/SRC-ERL2024", "2024-11-01"),
        ("/rules/plans/zhengzhou-flood:city:W1", "illustration"),
        ("/rules/plans/zhengzhou-flood:city:competence-1", "illustration"),
        ("/rules/plans/zhengzhou-flood:city:measure-work", "2024-11-01"),
    ],
)
def test_a_rule_shows_its_text_source_and_validity(path: str, words: str) -> None:
    assert words in read(signed_in("lisiyuan", "en"), path)


@pytest.mark.parametrize(
    "path",
    ["/rules/sources/NONE", "/rules/reporting-deadlines/NONE", "/rules/plans/none:city:W1",
     "/rules/plans/zhengzhou-flood:city:none", "/rules/nothing/X"],
)  # fmt: skip
def test_an_unknown_rule_is_not_found(path: str) -> None:
    assert signed_in("lisiyuan").get(path).status_code == 404


def test_it_says_that_it_is_being_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    monkeypatch.setenv(comparing.VARIABLE, str(said))
    client = signed_in("lisiyuan", "en")
    assert "No comparison is kept" in read(client)
    for steps, shown in ((0, 1), (1, 1), (2, 2), (9, comparing.STEPS)):
        said.write_text("a step\n" * steps)
        text = read(client)
        assert f"Step {shown} of {comparing.STEPS}." in text
        assert "data-live-source" in text


def test_desk_and_room_lead_here_while_a_case_is_played(found: Compared) -> None:
    client = signed_in("lisiyuan")
    assert f'href="{PAGE}"' not in read(client, "/")
    now = real_now()
    start_scenario(found.case, start_at=found.from_at, speed=60.0, by=agencies.get_operator(at=now),
                   moment=Moment(at=now, recorded_at=now))  # fmt: skip
    for here in ("/", f"/incidents/{an_incident().id}"):
        assert f'href="{PAGE}"' in read(client, here)


def test_the_replay_leads_here(found: Compared) -> None:
    assert f'href="{PAGE}"' in read(signed_in("lisiyuan"), "/replay")
    assert find_comparison(found.case) is not None
