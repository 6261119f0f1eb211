"""A response in force on the demo's node, ordered through its pages, so that a crawl finds content."""

from collections.abc import Callable
from typing import Any

from tests.nodes import LiveNode

PLAN = "/plans/zhengzhou-flood/activate"
#: The commander has two posts; the county's duty officer; who writes for the public. All fictional.
COMMANDER, COUNTY, WRITER = "zhoumingyuan", "yuzijin", "luxiaoman"

Seat = Callable[..., Any]


def seat(chromium: Any, node: LiveNode, username: str, post: str = "") -> Any:
    """A page without script of somebody who has signed in, for that post when they have several."""
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "jw_lang", "value": "zh-hans", "url": node.url}])
    page = context.new_page()
    page.goto(f"{node.url}/sign-in")
    page.fill("#username", username)
    page.fill("#password", node.users[username])
    page.click("form.sheet button")
    if post:
        page.locator("label.check", has_text=post).locator("input").check()
        page.click("form.sheet button.main")
    page.wait_for_url(f"{node.url}/")
    return page


def order_response(commander: Any, url: str) -> str:
    """Level III for the whole city, which the chief of the shift may change too; one call is noted."""
    commander.goto(f"{url}{PLAN}?place=4101&level=3")
    commander.click("form[method=post].form button.main")
    commander.wait_for_url("**/activations/*")
    found = str(commander.url).removeprefix(url)
    commander.click("#calls button[value=reached] >> nth=0")
    return found.partition("#")[0]


def answer_orders(county: Any, url: str) -> None:
    """The county's order passed on, which acknowledges it, and begun: a state comes up."""
    county.goto(f"{url}/tasks")
    path = county.locator(".row a.title").first.get_attribute("href")
    county.goto(f"{url}{path}/cascade")
    county.locator("details", has=county.locator("[name=bodies]")).locator("summary").click()
    county.locator("[name=bodies]").first.check()
    county.click("form.form button.main")
    county.goto(f"{url}{path}/begin")
    county.click("form.form button.main")


def report_up(chief: Any, url: str) -> str:
    """A situation report drafted from a clock; an incident of several reports renamed, which can be undone.

    Returns the incident's address: such a one can be split.
    """
    chief.goto(f"{url}/clocks")
    chief.click("form[action='/sitreps/draft'] button >> nth=0")
    chief.wait_for_url("**/sitreps/*")
    chief.goto(f"{url}/incidents?view=all")
    hrefs = chief.eval_on_selector_all(".row a.title", "all => all.map(a => a.getAttribute('href'))")
    for path in map(str, hrefs):
        chief.goto(url + path)
        if chief.locator("a[href$='/split']").count():
            break
    else:
        raise AssertionError("no incident of several reports")
    chief.goto(f"{url}{path}/rename")
    chief.fill("#f-zh", "郑州市 特大暴雨")
    chief.click("form.form button.main")
    return path


def tell_the_public(writer: Any, chief: Any, url: str) -> None:
    """A notice of the plan written, approved by a second person, published, and its correction begun."""
    writer.goto(f"{url}/releases")
    path = writer.locator(".rows a.title").first.get_attribute("href")
    writer.goto(url + path)
    writer.fill("#r-tzh", "郑州市启动防汛二级应急响应")
    writer.fill("#r-zh", "即日起停止室外集会，封闭下穿道路和隧道。请勿外出。")
    writer.fill("#r-ten", "Flood response level II in Zhengzhou")
    writer.fill("#r-en", "Gatherings outdoors stop, underpasses and tunnels are closed. Stay indoors.")
    writer.click("button[value=ready]")
    for what, reason in (("approve", ""), ("publish", ""), ("correct", "漏写地铁停运")):
        chief.goto(f"{url}{path}/{what}")
        if reason:
            chief.fill("#f-reason", reason)
        chief.click("form.form button.main")


def respond(chromium: Any, node: LiveNode, chief: str) -> tuple[str, str]:
    """All of it; the addresses of the response and of an incident of several reports."""
    pages = [
        seat(chromium, node, COMMANDER, "指挥长"),
        seat(chromium, node, COUNTY),
        seat(chromium, node, chief),
        seat(chromium, node, WRITER),
    ]
    commander, county, leader, writer = pages
    found = order_response(commander, node.url)
    answer_orders(county, node.url)
    incident = report_up(leader, node.url)
    tell_the_public(writer, leader, node.url)
    for page in pages:
        page.context.close()
    return found, incident
