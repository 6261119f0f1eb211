"""An emergency from the first call to stand-down, by keyboard alone: what each person sees at each step."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import databases
from tests.house.test_law_one import MACHINE_SAYS
from tests.nodes import LiveDatabase, LiveNode, serving

from .hands import Hands

pytestmark = pytest.mark.browser

FIRST = "崔庙镇王宗店村山洪下来，已经有十二个人没了，还有五个人找不到，快派人来"
SECOND = "王宗店村口房子被冲了，路也断了"
#: Keys of a whole call besides the words. Source: our estimate, half of what the desk allows a caller who
#: gives every figure, 2026-11-22.
MOST_KEYS = 30
#: Duty officer, chief of the shift, commander, county, province, writer: all fictional.
PEOPLE = ("lisiyuan", "hejing", "zhoumingyuan", "yuzijin", "baishuyan", "luxiaoman")


@pytest.fixture(scope="module")
def quiet_node(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    """The demo's people and plan on the node's own clock; nothing has been told yet."""
    name, home = databases.clone(), tmp_path_factory.mktemp("story")
    database = LiveDatabase(name=name, url=databases.url_of(name), home=home)
    with serving(database) as one:
        users = dict.fromkeys(PEOPLE, databases.PASSWORD)
        yield LiveNode(url=one.url, home=home, users=users, log=home, env=database.env)
    databases.drop(name)


@dataclass
class Cast:
    """The people of the story, each at a page of their own; they sign in with keys too."""

    chromium: Any
    node: LiveNode
    lang: str = "zh-hans"
    seated: dict[str, Hands] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        context = self.chromium.new_context(viewport={"width": 1440, "height": 940})
        context.add_cookies([{"name": "jw_lang", "value": self.lang, "url": self.node.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.goto(self.node.url + path)
        return page

    def sit(self, username: str, post: str = "") -> Hands:
        """Sign in, take the post; whoever sits already keeps their page."""
        if username not in self.seated:
            hands = Hands(self.open("/sign-in"), username)
            hands.reach_field("username")
            hands.write(username)
            hands.press("Tab")
            hands.write(self.node.users[username])
            hands.press("Enter")
            if post:
                hands.page.wait_for_selector("input[name=holding]")
                hands.reach_field("holding", post)
                hands.press("Enter")
            hands.page.wait_for_url(self.node.url + "/")
            self.seated[username] = hands
        return self.seated[username]

    def leave(self) -> None:
        for hands in self.seated.values():
            hands.page.context.close()
        assert self.broken == []


@pytest.fixture
def cast(chromium: Any, quiet_node: LiveNode) -> Iterator[Cast]:
    people = Cast(chromium, quiet_node)
    yield people
    people.leave()


def take_call(officer: Hands, words: str, *, kind: str, place: str, phone: str, deaths: str = "",
              missing: str = "") -> None:  # fmt: skip
    officer.press("F2")
    officer.until("#sheet textarea:focus")
    officer.write(words)
    for name, typed in (("kind", kind), ("place", place)):
        officer.reach_field(name)
        officer.write(typed)
        officer.until(f"#l-{name} li")
        officer.press("Enter")
    for name, typed in (("caller_phone", phone), ("deaths", deaths), ("missing", missing)):
        officer.reach_field(name)
        officer.write(typed)
    officer.send("**/reports/*")


def two_calls(cast: Cast) -> None:
    """The duty officer writes two calls down; the machine makes one incident of them."""
    officer = cast.sit("lisiyuan")
    officer.sees("来报随到随列在这里", within="#inbox")
    before = officer.keys
    take_call(officer, FIRST, kind="暴雨", place="荥阳", phone="13600001111", deaths="12", missing="5")
    assert officer.keys - before <= MOST_KEYS
    text = officer.sees(FIRST, "死亡", "12 人", "荥阳市")
    assert "136****11" in text and "13600001111" not in text
    take_call(officer, SECOND, kind="暴雨", place="荥阳", phone="13600002222")
    officer.sees(SECOND)


def grade(cast: Cast) -> None:
    """The desk of the chief of the shift shows one incident, its grade proposed; the chief confirms it."""
    chief = cast.sit("hejing")
    chief.sees("条并 1", within="#inbox")
    chief.sees("荥阳市 暴雨事件", within="#incidents")
    chief.skip()
    chief.open("核定分级", "核定", within="band")
    chief.sees("何静", "重大", "GR14", within="#sheet")
    chief.reach_field("grade", "2")
    chief.send("**/incidents/*")
    chief.sees("已核定", within="#roomhead")
    chief.sees("12 人", within="#roomhead")


def activate(cast: Cast) -> None:
    """The plan calls for level II: the chief may only look, the commander orders it."""
    chief = cast.sit("hejing")
    chief.sees("建议: 启动", "本市发生重大洪涝灾害事件", "凭记忆，未经核实", within="#plans")
    commander = cast.sit("zhoumingyuan", "指挥长")
    commander.skip()
    commander.go("启动II级响应", "**/plans/*/activate?*", within="plans")
    commander.sees("周明远", "指挥长", "本市发生重大洪涝灾害事件")
    commander.reach_field("matter")
    commander.write("防汛救灾")
    offered = commander.reach_field("until")["value"]
    until = datetime.fromisoformat(offered) + timedelta(days=1)
    commander.write_time(f"{until:%Y-%m-%dT20:00}")
    school = commander.reach_field("measures", "school")
    commander.press("Space")
    assert "停课" in school["text"] and not commander.page.is_checked("[name=measures][value=school]")
    commander.go("启动II级响应", "**/activations/*")
    commander.sees(
        "防汛救灾", f"{until:%m-%d} 20:00", "指挥部", "周明远", "封闭易积水的下穿道路", "荥阳市政府总值班室"
    )
    assert "停课" not in commander.page.inner_text("[aria-labelledby=t-mea]")


def order(cast: Cast) -> None:
    """From the room the chief gives the county an order of its own."""
    chief = cast.sit("hejing")
    chief.go("下达任务", "**/tasks/new?incident=*", within="tasks")
    chief.write("两小时内架设卫星电话")
    chief.reach_field("to")
    chief.write("荥阳市政府总值班室")
    chief.until("#l-to li")
    chief.press("Enter")
    chief.reach_field("due")
    chief.write("120")
    chief.press("Control+Enter")
    chief.sees("下达这项任务", "两小时内架设卫星电话", "荥阳市政府总值班室")
    chief.press("Enter")
    chief.arrive("**/tasks/*")
    chief.sees("已下达")


def answer(cast: Cast) -> None:
    """The county reads its orders, does one, refuses one with a reason, passes one down."""
    county = cast.sit("yuzijin")
    county.go("任务", "**/tasks", within="")
    county.sees("启动本级响应准备", "转移危险区域人员", "两小时内架设卫星电话")
    county.go("启动本级响应准备", "**/tasks/*-*")
    county.sees("已阅", "虞子衿")
    county.hot("a", "签收任务")
    county.send("**/tasks/*-*")
    county.sees("已签收", within="#order")
    county.hot("b", "着手办理")
    county.send("**/tasks/*-*")
    county.sees("进行中", within="#order")
    county.hot("d", "办结任务")
    county.reach_field("words")
    county.write("主要负责人已到岗")
    county.send("**/tasks/*-*")
    county.sees("办结", "主要负责人已到岗", within="#order")


def pass_on(cast: Cast) -> None:
    """It refuses the order it cannot carry out, and passes the other down; both are seen above."""
    county = cast.sit("yuzijin")
    county.back("**/tasks")
    county.go("两小时内架设卫星电话", "**/tasks/*-*")
    county.hot("r", "退回任务")
    county.reach_field("reason")
    county.write("本县没有卫星电话，请市里支援")
    county.send("**/tasks/*-*")
    county.sees("已退回", within="#order")
    county.back("**/tasks")
    county.go("转移危险区域人员", "**/tasks/*-*")
    county.press("p")
    county.arrive("**/cascade")
    county.take("直接下级")
    county.reach("崔庙镇政府")
    county.press("Space")
    county.take("转达")
    county.arrive("**/tasks/*-*")
    county.sees("崔庙镇政府", within="#tree")
    chief = cast.sit("hejing")
    chief.sees("已退回", "本县没有卫星电话", within="#order")
    commander = cast.sit("zhoumingyuan")
    commander.sees("已签收", within="#tasks")


def report_up(cast: Cast) -> None:
    """The clock says what is due to the province; the draft comes from the record; the province has it."""
    chief = cast.sit("hejing")
    chief.open_menu()
    chief.go("报告时限", "**/clocks")
    to_province = "郑州市委市政府总值班室 → 河南省政府总值班室"
    chief.sees("初报 · 书面", to_province, "分:秒", "PRC-02")
    chief.take("起草报告", row=to_province)
    chief.arrive("**/sitreps/*-*")
    chief.sees("草稿", "12", "由记录自动填写", FIRST)
    chief.reach_field("summary")
    chief.write("荥阳市崔庙镇发生山洪，12人死亡、5人失踪，已启动市级II级响应。")
    chief.reach_field("to_check", "受伤")
    chief.press("Space")
    chief.send("**/sitreps/*-*")
    chief.go("预览", "**/preview")
    chief.sees("郑州市委市政府总值班室", "河南省政府总值班室", "已启动市级II级响应", "草稿", within=".a4")
    chief.go("返回报告", "**/sitreps/*-*")
    chief.open("提交报告", "提交报告")
    chief.sees("何静", "PRC-02", within="#sheet")
    chief.take("提交报告", within="sheet")
    chief.sees("已报出", within=".pagehead")
    province = cast.sit("baishuyan")
    province.open_menu()
    province.go("报告时限", "**/clocks")
    province.go("信息报告", "**/sitreps")
    province.go("初报", "**/sitreps/*-*", row="荥阳市")
    province.sees("已启动市级II级响应")
    province.open("签收报告", "签收报告")
    province.take("签收报告", within="sheet")
    province.sees("已签收", "柏书言")


def tell(cast: Cast) -> None:
    """A release is written, approved by somebody else, and read by anybody; its correction too."""
    writer, chief = cast.sit("luxiaoman"), cast.sit("hejing")
    writer.open_menu()
    writer.go("信息发布", "**/releases", within="menu")
    writer.go("荥阳市", "**/releases/*-*")
    write_release(writer, "荥阳山洪12人遇难，救援正在进行", "截至8时，崔庙镇山洪造成12人遇难、5人失联。")
    publish(chief, "荥阳山洪12人遇难")
    public = Hands(cast.open("/public"), "anybody")
    public.go("荥阳山洪12人遇难", "**/public/*-*")
    public.sees("5人失联", "有效期至 20")
    chief.open("更正…", "更正发布信息")
    chief.reach_field("reason")
    chief.write("一名失联人员已找到")
    chief.take("更正发布信息", within="sheet")
    chief.sees("草稿", within=".pagehead")
    writer.back("**/releases")
    writer.go("荥阳山洪", "**/releases/*-*")
    write_release(writer, "荥阳山洪12人遇难，救援正在进行", "截至8时，崔庙镇山洪造成12人遇难、4人失联。")
    publish(chief, "荥阳山洪12人遇难")
    public.page.reload()
    public.sees("4人失联", "一名失联人员已找到", "更正")
    public.sees("5", within=".note del")
    public.page.context.close()


def write_release(writer: Hands, title: str, text: str) -> None:
    for name, words in (("title_zh", title), ("text_zh", text), ("title_en", ""), ("text_en", "")):
        writer.reach_field(name)
        writer.write(words)
    writer.take("提交审核")
    writer.sees("待审核", within=".pagehead")


def publish(chief: Hands, title: str) -> None:
    chief.open_menu()
    chief.go("信息发布", "**/releases", within="menu")
    chief.go(title, "**/releases/*-*")
    chief.open("审核…", "审核发布稿")
    chief.sees("路小满", within="#sheet")
    chief.take("审核发布稿", within="sheet")
    chief.sees("已审核，未发布", within=".pagehead")
    chief.open("发布…", "向社会发布")
    chief.take("向社会发布", within="sheet")
    chief.sees("已发布", within=".pagehead")


def stand_down(cast: Cast) -> None:
    """The commander lowers the level and ends the response; the chief closes the incident."""
    commander, chief = cast.sit("zhoumingyuan"), cast.sit("hejing")
    commander.open("降低级别", "降低响应级别")
    commander.reach_field("level", "3")
    commander.reach_field("reason")
    commander.write("雨势减弱，河道水位回落")
    commander.send("**/activations/*-*")
    commander.sees("II → III", "雨势减弱", within="#history")
    commander.open("终止响应", "终止响应")
    commander.sees("项任务未办结", within="#sheet")
    commander.reach_field("others", "withdraw")
    commander.press("Space")
    if not commander.page.is_checked("#sheet [name=close]"):
        commander.reach_field("close")
        commander.press("Space")
    commander.reach_field("reason")
    commander.write("险情解除，搜救结束")
    commander.send("**/activations/*-*")
    commander.sees("已终止", "险情解除", "同一决定中办结了事件")
    chief.go("事件", "**/incidents")
    chief.go("办结", "**/incidents?view=*")
    chief.go("荥阳市 暴雨事件", "**/incidents/*-*")
    chief.sees("已办结", within="#roomhead")


#: What the room's timeline says in the end, newest first.
TOLD = (
    "事件办结", "终止应急响应", "响应降低至III级", "发布更正", "向社会发布", "初报已由上级签收", "初报已报出",
    "任务已退回", "任务办结", "下达任务", "启动II级应急响应", "核定", SECOND, FIRST,
)  # fmt: skip


def look_back(cast: Cast) -> None:
    chief = cast.sit("hejing")
    chief.sees(*TOLD, within="#timeline")
    chief.sees("周明远", "虞子衿", "柏书言", "本县没有卫星电话", within="#timeline")


STEPS: list[Callable[[Cast], None]] = [
    two_calls, grade, activate, order, answer, pass_on, report_up, tell, stand_down, look_back
]  # fmt: skip


def test_from_the_first_call_to_stand_down(cast: Cast) -> None:
    for step in STEPS:
        step(cast)
    assert said_by_machine(cast.node) - MACHINE_SAYS == set()


def said_by_machine(node: LiveNode) -> set[str]:
    """The kinds of fact in the node's journal that the machine signed."""
    path = node.env["JINGWEI_DATABASE"].removeprefix("sqlite:///")
    asked = """SELECT DISTINCT e.kind FROM journal_entry e JOIN agencies_holding h ON h.id = e.by
        JOIN agencies_person p ON p.id = h.person_id WHERE p.kind = 'machine'"""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as link:
        return {kind for (kind,) in link.execute(asked)}


def test_a_call_and_its_grade_in_english(chromium: Any, quiet_node: LiveNode) -> None:
    cast = Cast(chromium, quiet_node, lang="en")
    officer, chief = cast.sit("lisiyuan"), cast.sit("hejing")
    words = "Water broke into the mine, twelve are dead"
    take_call(officer, words, kind="Coal mine water", place="Gongyi", phone="13600003333", deaths="12")
    officer.sees(words, "Deaths", "Coal mine water inrush", "Gongyi")
    chief.sees("Coal mine water inrush", within="#incidents")
    chief.skip()
    chief.open("Confirm the grade", "Confirm", within="band")
    chief.sees("He Jing", "major", within="#sheet")
    chief.reach_field("grade", "2")
    chief.send("**/incidents/*")
    chief.sees("confirmed", within="#roomhead")
    cast.leave()


#: A key nobody listens to any more; a button Tab leaves out; a focus nobody sees.
SPOILT = {
    "F2": "addEventListener('keydown', e => e.key === 'F2' && e.stopImmediatePropagation(), true)",
    "order": "addEventListener('focusin', () => {"
    " document.querySelectorAll('#inbox a').forEach(a => { a.tabIndex = -1; }); }, true)",
    "ring": "addEventListener('focusin', e => { e.target.style.outline = 'none'; }, true)",
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
def test_canary_a_page_that_keys_cannot_work_is_seen(cast: Cast, how: str) -> None:
    officer = cast.sit("lisiyuan")
    page = officer.page.context.new_page()
    page.set_default_timeout(3_000)
    page.add_init_script(SPOILT[how])
    page.goto(cast.node.url + "/")
    hands = Hands(page, how)
    with pytest.raises(AssertionError, match={"F2": "textarea", "order": "no way", "ring": "no ring"}[how]):
        if how == "F2":
            take_call(hands, FIRST, kind="暴雨", place="荥阳", phone="1")
        hands.go("全部来报", "**/reports", within="inbox")
