"""What must hold on every page: one language, nothing for axe, no overflow, small."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.nodes import LiveNode

from .addresses import BEGIN, crawl, kind_of
from .conftest import CHIEF, HEIGHTS, OPERATOR
from .response import respond

pytestmark = pytest.mark.browser

#: Latin that a Chinese page may hold: codes, units, keys, names of formats, addresses of pictures.
ALLOWED_LATIN = re.compile(
    r"^(F2|Ctrl|Enter|Esc|EN|[ABDJKMNPRW]|II?I?|IV|km|mm|mm/h|h|m|SRC-[\w-]+|GR\d+|[A-Z]{1,3}-?\d+[A-Za-z]?|C\d|[0-9a-f-]{8,}|"
    r"(?:[0-9A-F]{1,4}-)?[0-9A-F]{4}|[A-Z]{2}-\d{8}(-\w+)?|GB|MB|UTF|UTM|MGRS|WGS|GCJ|BD|JSON|JPEG|PNG|WebP|HEIC|Atom|CSV|XLSX|PDF|ICS|MiB|"
    r"pdf|TOTP|otpauth|E|N|zhengzhou-demo)$"
)
_TEXTS = """() => {
  const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, box = node.parentElement;
    if (box.closest('script, style, code, pre, template')) continue;
    const lang = box.closest('[lang]').getAttribute('lang');
    if (node.textContent.trim()) out.push([lang, node.textContent.trim()]);
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder]')) {
    const lang = e.closest('[lang]').getAttribute('lang');
    for (const name of ['aria-label', 'placeholder']) {
      if (e.getAttribute(name)) out.push([lang, e.getAttribute(name)]);
    }
  }
  out.push([document.documentElement.lang, document.title]);
  return out;
}"""


@pytest.fixture(scope="session")
def addresses(chromium: Any, live_node: LiveNode, signed_in: Any, oddities: None) -> dict[str, list[str]]:
    """The pages of the chief of the shift, those only the operator has, and those that say no."""
    (response, incident), found = respond(chromium, live_node, CHIEF), {}
    begins = {CHIEF: (*BEGIN, incident), OPERATOR: ("/operate", "/account/people", "/replay")}
    for user, begin in begins.items():
        context = chromium.new_context(storage_state=signed_in(user), java_script_enabled=False)
        page = context.new_page()
        found[user] = crawl(page, live_node.url, begin)
        context.close()
    found[OPERATOR] = found[OPERATOR][:3]
    found[CHIEF] += ["/nowhere", "/operate"]  # not there, and not for this post
    found[CHIEF] += [f"{response}/{what}" for what in ("raise", "lower", "end")]
    return found


def one_of_each_kind(paths: list[str], turn: int) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(kind_of(path), []).append(path)
    return [some[turn % len(some)] for some in kinds.values()]


def test_turn_by_turn_every_page_is_looked_at() -> None:
    paths = ["/", "/tasks/1", "/tasks/2", "/tasks/3", "/nowhere"]
    assert one_of_each_kind(paths, 1) == ["/", "/tasks/2", "/nowhere"]
    assert {path for turn in range(4) for path in one_of_each_kind(paths, turn)} == set(paths)


@dataclass
class Look:
    """What was seen of every page in one language, light and width: each is opened once for all tests."""

    texts: dict[str, list[list[str]]]
    faults: list[str]
    widths: dict[str, int]
    weights: dict[str, int]
    files: dict[str, int]


@pytest.fixture(scope="session")
def look(chromium: Any, live_node: LiveNode, signed_in: Any, addresses: dict[str, list[str]]) -> Any:
    """`look("en", "dark", 390)`; bytes are counted at the desk's width.

    Each look opens one page of each kind, the next look the next one of that kind.
    """
    turns = count()

    @cache
    def seen(lang: str, theme: str, width: int) -> Look:
        found, axe, turn = Look({}, [], {}, {}, {}), Axe(), next(turns)
        for user, paths in addresses.items():
            viewport = {"width": width, "height": HEIGHTS[width]}
            context = chromium.new_context(viewport=viewport, storage_state=signed_in(user))
            kept = {"jw_lang": lang, "jw_theme": theme}
            context.add_cookies([{"name": n, "value": v, "url": live_node.url} for n, v in kept.items()])
            page, broken = context.new_page(), []
            page.on("pageerror", lambda error, broken=broken: broken.append(str(error)))
            for path in one_of_each_kind(paths, turn):
                if user == CHIEF and width == 1440:
                    found.weights[path] = weigh(page, live_node.url, path, found.files)
                else:
                    page.goto(live_node.url + path)
                found.texts[path] = page.evaluate(_TEXTS)
                found.widths[path] = page.evaluate("document.documentElement.scrollWidth")
                for one in axe.run(page).response["violations"]:
                    found.faults.append(f"{path}: {one['id']} {one['nodes'][0]['html'][:160]}")
                found.faults += [f"{path}: {error}" for error in broken]
                broken.clear()
            context.close()
        return found

    return seen


def test_the_crawl_reaches_every_kind_of_page(addresses: dict[str, list[str]]) -> None:
    text = " ".join(addresses[CHIEF])
    for part in ("/incidents/", "/reports/", "/confirm", "/judge", "/rename", "/close", "/join", "/separate",
                 "/phone", "/switch", "/replay", "/search", "/keys",
                 "/plans/zhengzhou-flood/activate", "/activations/", "/raise", "/lower", "/end",
                 "/tasks/", "/tasks/new", "/print", "/withdraw", "/clocks", "/met", "/sitreps/", "/preview",
                 "/submit", "/releases/", "/public/", "/report", "/merge", "/split", "/changes", "/undo",
                 "/people", "/account"):  # fmt: skip
        assert part in text, part


def test_no_english_word_on_a_chinese_page(look: Any) -> None:
    left = []
    for path, texts in look("zh-hans", "light", 1440).texts.items():
        for lang, text in texts:
            if not lang.startswith("zh"):
                continue
            words = [
                w
                for w in re.findall(r"[A-Za-z](?:[A-Za-z0-9_/-]*[A-Za-z0-9])?", text)
                if not ALLOWED_LATIN.match(w)
            ]
            left += [f"{path}: {text[:80]}"] if words else []
    assert sorted(set(left)) == []


def test_no_chinese_word_outside_its_language_on_an_english_page(look: Any) -> None:
    left = []
    for path, texts in look("en", "dark", 1440).texts.items():
        for lang, text in texts:
            if lang == "en" and re.search(r"[\u3400-\u9fff]", text):
                left.append(f"{path}: {text[:80]}")
    assert sorted(set(left)) == []


#: Light is looked at in Chinese and dark in English: both languages, both lights, every page.
LOOKS = [("zh-hans", "light"), ("en", "dark")]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_axe_finds_nothing_and_no_script_breaks(look: Any, lang: str, theme: str, width: int) -> None:
    assert look(lang, theme, width).faults == []


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_nothing_runs_over_the_edge_of_a_phone(look: Any, lang: str, theme: str) -> None:
    assert {p: over for p, over in look(lang, theme, 390).widths.items() if over > 390} == {}


#: The library of the map is not counted. Source: the screens' own rule, "besides the map and charts".
_MAP = "/vendor/maplibre-gl"
#: Files of ours that a page asks for.
FILES = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"')


def weigh(page: Any, base: str, path: str, files: dict[str, int]) -> int:
    """Bytes that come over the line for a page with all its files, also those the browser kept."""
    answer = page.goto(base + path, wait_until="load")
    html = page.content()
    for name in set(FILES.findall(html)) - files.keys():
        files[name] = 0 if _MAP in name else _sent(page, base + name)
    return int(answer.request.sizes()["responseBodySize"]) + sum(files[n] for n in set(FILES.findall(html)))


def _sent(page: Any, url: str) -> int:
    answer = page.request.get(url, headers={"accept-encoding": "gzip"})
    return int(answer.headers["content-length"])


def test_every_page_is_light_on_a_slow_line(page_for: Any, live_node: LiveNode, look: Any) -> None:
    """Under 60 kB as it is sent, with every file it needs, none kept; the screens' own rule is 150 kB."""
    found, page, base = look("zh-hans", "light", 1440), page_for(), live_node.url
    assert {path: weight for path, weight in found.weights.items() if weight >= 60_000} == {}
    assert len(found.files) > 5 and found.weights["/"] > 20_000
    plain = len(page.request.get(base + "/static/parts.css", headers={"accept-encoding": "identity"}).body())
    assert found.files["/static/parts.css"] < plain / 2, "packed"


def test_no_page_loads_from_another_host(page_for: Any, live_node: LiveNode, addresses: Any) -> None:
    page, strange = page_for(), []
    page.on(
        "request", lambda r: strange.append(r.url) if not r.url.startswith((live_node.url, "data:")) else None
    )
    for path in addresses[CHIEF][:6]:
        page.goto(live_node.url + path)
    assert strange == []
