"""The map in a real browser: MapLibre where there is WebGL, the server's drawing where there is none."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import chromium_path
from tests.nodes import LiveNode

from .conftest import CHIEF

pytestmark = pytest.mark.browser

SHELTERS, HOSPITALS = 90, 12
#: What somebody enters beforehand, told to the node's own database.
SOW = f"""
import random, sys
from jingwei.wiring.start import start
start()
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.registers import actions, queries
from jingwei.doors.entry.moments import this_moment
rng, moment = random.Random(3), this_moment()
by = agencies.get_operator("", at=moment.at)
for code, word, many in (("shelters", "避难场所", {SHELTERS}), ("hospitals", "医院", {HOSPITALS})):
    kind = queries.get_register(code).column("kind").choices[0].code
    for n in range(many):
        values = {{"name": f"图上{{word}}{{n}}", "place": "4101", "kind": kind}}
        values |= {{"lon": round(rng.gauss(113.63, 0.1), 5), "lat": round(rng.gauss(34.74, 0.07), 5)}}
        actions.add_row(code, values, by=by, moment=moment)
from jingwei.apps.resources.models import Hospital, Shelter
print(sum(kind.objects.exclude(lon=None).count() for kind in (Shelter, Hospital)))
"""
WITH, WITHOUT = (
    ("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
    ("--disable-gpu", "--disable-3d-apis"),
)
FIGURES = "l=shelters&l=hospitals&at=113.63,34.74&z=9"


@pytest.fixture(scope="module")
def sown(live_node: LiveNode) -> int:
    """How many shelters and hospitals with a point there are: those of the demo and those entered here."""
    database = f"sqlite:///{live_node.home / 'demo.sqlite3'}"
    env = live_node.env | {"JINGWEI_HOME": str(live_node.home), "JINGWEI_DATABASE": database}
    told = subprocess.run([sys.executable, "-c", SOW], env=env, check=True, capture_output=True, text=True)
    there = int(told.stdout.split()[-1])
    assert there >= SHELTERS + HOSPITALS
    return there


class Looking:
    """A browser with or without WebGL; `open` gives a page that is signed in."""

    def __init__(self, browser: Any, node: LiveNode) -> None:
        self.browser, self.node, self.broken, self.strange = browser, node, list[str](), list[str]()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{node.url}/sign-in")
        page.fill("#username", CHIEF)
        page.fill("#password", node.users[CHIEF])
        page.click("form.sheet button")
        page.wait_for_url(f"{node.url}/")
        self.state = context.storage_state()

    def open(
        self, path: str, lang: str = "zh-hans", theme: str = "light", width: int = 1440, **more: Any
    ) -> Any:
        size = {"width": width, "height": 900}
        context = self.browser.new_context(viewport=size, storage_state=self.state, **more)
        cookies = {"jw_lang": lang, "jw_theme": theme}
        context.add_cookies([{"name": k, "value": v, "url": self.node.url} for k, v in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", lambda m: self.broken.append(m.text) if m.type in ("error", "warning") else None)
        page.on("request", lambda r: self.strange.append(r.url) if self.node.url not in r.url else None)
        page.goto(self.node.url + path)
        return page


def looking(chromium: Any, node: LiveNode, arguments: tuple[str, ...]) -> Iterator[Looking]:
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(), args=["--no-sandbox", "--disable-quic", "--no-first-run", *arguments]
    )
    one = Looking(browser, node)
    yield one
    browser.close()
    assert (one.broken, one.strange) == ([], [])


@pytest.fixture
def with_webgl(chromium: Any, live_node: LiveNode, sown: int) -> Iterator[Looking]:
    yield from looking(chromium, live_node, WITH)


@pytest.fixture
def without_webgl(chromium: Any, live_node: LiveNode, sown: int) -> Iterator[Looking]:
    yield from looking(chromium, live_node, WITHOUT)


def drawn_by(page: Any, who: str) -> None:
    page.wait_for_selector(f"#map-main[data-drawn={who}]", timeout=20_000)


def settled(page: Any) -> None:
    """MapLibre shows what the server said of the place the address names."""
    drawn_by(page, "gl")
    page.wait_for_load_state("networkidle")


def total(page: Any, where: str) -> int:
    return int(page.evaluate(
        "s => [...document.querySelectorAll(s)].reduce((n, e) => n + +e.dataset.count, 0)", f"{where} .mk"
    ))  # fmt: skip


def test_maplibre_shows_what_the_server_counted(with_webgl: Looking, sown: int) -> None:
    page = with_webgl.open(f"/map?{FIGURES}")
    settled(page)
    assert page.locator("#map-gl canvas").is_visible() and not page.locator("#map-figure svg").is_visible()
    assert total(page, "#map-gl") == total(page, "#map-figure") == sown
    loaded = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert any("maplibre-gl-csp-worker" in name for name in loaded), "a file, no blob"


def zoom_of(url: str) -> str:
    found = re.search(r"z=([\d.]+)", url)
    assert found
    return found[1]


def test_a_number_opens_closer_and_one_alone_says_its_name_and_its_page(with_webgl: Looking) -> None:
    page = with_webgl.open(f"/map?{FIGURES}")
    settled(page)
    for turn in range(10):
        if turn and page.locator("#map-gl .mk:not([data-zooms])").count():
            break
        was = page.url
        page.locator("#map-gl .mk[data-zooms]").first.click()
        closer = "z => +new URL(location).searchParams.get('z') > +z"
        page.wait_for_function(closer, arg=zoom_of(was))
        settled(page)
    assert float(zoom_of(page.url)) > 9
    one = page.locator("#map-gl .mk:not([data-zooms])").first
    name = one.get_attribute("data-name")
    one.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup")
    assert name in popup.inner_text() and "打开" in popup.inner_text()
    popup.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/registers/"))
    assert name in page.locator("h1").inner_text()


def test_moved_by_the_keyboard_it_asks_again_and_the_address_follows(with_webgl: Looking) -> None:
    page = with_webgl.open(f"/map?{FIGURES}")
    settled(page)
    was = page.url
    page.locator("#map-gl canvas").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("was => location.href !== was", arg=was)
    field = "document.querySelector('#map-layers [name=at]').value"
    page.wait_for_function(f"() => {field} === new URL(location).searchParams.get('at')")
    assert total(page, "#map-gl") == total(page, "#map-figure")
    page.reload()
    settled(page)
    assert "l=shelters" in page.url


def test_points_are_measured_by_clicks_and_the_pointer_says_where_it_is(with_webgl: Looking) -> None:
    page = with_webgl.open("/map?l=none&at=113.63,34.74&z=11")
    settled(page)
    page.click("#map-pick")
    said = "n => document.querySelector('#map-measure small').textContent.startsWith(n)"
    for n, (x, y) in enumerate(((200, 200), (400, 200), (400, 400)), start=1):
        page.locator("#map-gl canvas").click(position={"x": x, "y": y})
        page.wait_for_function(said, arg=str(n))
    text = page.locator("#map-measure").inner_text()
    assert "km²" in text and "长度" in text
    page.locator("#map-gl canvas").hover(position={"x": 300, "y": 300})
    assert re.match(r"113\.\d{5}, 34\.\d{5}\s+34°", page.locator("#map-cursor").inner_text())


def test_what_is_drawn_by_clicks_is_kept_as_an_area_and_shown_as_one(with_webgl: Looking) -> None:
    page = with_webgl.open("/map?l=areas&at=113.63,34.74&z=11")
    settled(page)
    page.click("#map-pick")
    said = "n => document.querySelector('#map-measure small').textContent.startsWith(n)"
    for n, (x, y) in enumerate(((300, 150), (600, 150), (600, 400)), start=1):
        page.locator("#map-gl canvas").click(position={"x": x, "y": y})
        page.wait_for_function(said, arg=str(n))
    page.click("#map-measure a:text('将此范围存为区域')")
    assert page.input_value("[name=shape]").count(";") == 2 and page.input_value("[name=form]") == "polygon"
    page.fill("[name=name]", "试画区")
    page.select_option("[name=kind]", "flood")
    page.click("main form button.main")
    page.wait_for_url(re.compile(r"/registers/areas/[0-9a-f-]{36}$"))
    page = with_webgl.open("/map?l=areas&at=113.63,34.74&z=11")
    settled(page)
    assert page.evaluate("document.querySelector('#map-figure').dataset.areas").startswith("/map/areas?")
    assert "试画区" in page.locator("#map-figure path.area title").all_text_contents()


def test_the_slider_goes_back_by_keys(with_webgl: Looking) -> None:
    page = with_webgl.open("/map")
    settled(page)
    page.locator("#map-back").focus()
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    assert "back=1" in page.url and "当时态势" in page.locator(".pagehead").inner_text()


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_with_maplibre_axe_finds_nothing_and_nothing_runs_over(
    with_webgl: Looking, theme: str, width: int
) -> None:
    page = with_webgl.open(
        f"/map?{FIGURES}&l=incidents", "en" if theme == "dark" else "zh-hans", theme, width
    )
    settled(page)
    found = [f"{v['id']} {v['nodes'][0]['html'][:160]}" for v in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False], ids=["no WebGL", "no script"])
def test_without_webgl_or_script_links_and_forms_do_it_all(
    without_webgl: Looking, sown: int, script: bool
) -> None:
    page = without_webgl.open(f"/map?{FIGURES}", java_script_enabled=script)
    if script:
        drawn_by(page, "server")
    assert page.locator("#map-figure svg.wide").is_visible() and page.locator("#map-gl .mk").count() == 0
    whole = json_total(page)
    assert whole == sown
    page.get_by_role("link", name="放大", exact=True).click()
    assert "z=10" in page.url
    page.get_by_role("link", name="东", exact=True).click()
    page.goto(re.sub(r"z=\d+", "z=9", page.url))
    page.locator("#map-figure .mk[data-zooms]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"z=1\d"))
    page.fill("[name=go]", "北纬34°45′12″ 东经113°39′55″")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("go="))
    assert "49SGU 43969 48925" in page.locator("#map-forms").inner_text()
    assert page.locator("#map-figure .pin").count() == 1
    page.get_by_role("link", name="加入地图中心点").click()
    assert "1 个点" in page.locator("#map-measure").inner_text()
    # not one byte of MapLibre where it could not be used
    assert page.locator("script[src*=maplibre], link[href*=maplibre]").count() == 0


def json_total(page: Any) -> int:
    """What the drawing adds up to, read without the page's own script."""
    counts = re.findall(r'data-count="(\d+)"', page.content())
    return sum(json.loads(f"[{','.join(counts)}]"))


def test_canary_a_mark_left_out_of_the_drawing_is_a_wrong_sum(without_webgl: Looking, sown: int) -> None:
    page = without_webgl.open(f"/map?{FIGURES}")
    page.evaluate("document.querySelector('#map-figure .mk').remove()")
    assert json_total(page) < sown


def test_on_paper_it_is_the_drawing_with_scale_north_and_date(with_webgl: Looking) -> None:
    page = with_webgl.open(f"/map?{FIGURES}")
    settled(page)
    page.emulate_media(media="print")
    assert page.locator("#map-figure svg.wide").is_visible() and not page.locator("#map-gl").is_visible()
    figure = page.locator("#map-figure")
    assert figure.locator(".scale").count() == figure.locator(".north").count() == 1
    assert re.search(r"\d+ k?m", figure.inner_text()) and "2021-07-21" in figure.inner_text()
    assert not page.locator("#map-layers").is_visible()
