"""Hidden dangers: found, mended by a day, verified."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Need, Register, Span
from jingwei.apps.registers.queries import list_choices

from ..models import HiddenDanger

HIDDEN_DANGERS = Register(
    code="hidden-dangers",
    zh="隐患排查治理",
    en="Hidden dangers",
    model=HiddenDanger,
    columns=(
        NAME,
        Column(
            name="kind", zh="隐患类别", en="Kind", kind="choice", required=True, listed=True, filtered=True,
            choices=list_choices("danger_kind"), headings=("类别", "类型"),
        ),
        PLACE,
        OWNER,
        Column(
            name="grade", zh="隐患等级", en="Grade", kind="choice", required=True, listed=True,
            filtered=True, choices=list_choices("danger_grade"), headings=("等级", "级别"),
        ),
        Column(
            name="state", zh="治理状态", en="State", kind="choice", required=True, listed=True,
            filtered=True, choices=list_choices("danger_state"), headings=("状态", "整改状态"),
        ),
        Column(
            name="matter", zh="隐患情况", en="What is wrong", kind="long", longest=1000, required=True,
            searched=True, headings=("隐患描述", "存在问题", "隐患内容"),
        ),
        Column(
            name="found_on", zh="发现日期", en="Found on", kind="date", required=True,
            headings=("排查日期", "登记日期"),
        ),
        Column(
            name="mend_by", zh="整改期限", en="To be mended by", kind="date", listed=True, due=True,
            done_by="mended_on", headings=("整改时限", "期限"),
        ),
        Column(
            name="mender", zh="整改责任单位", en="Who mends", searched=True,
            headings=("责任单位", "整改单位"),
        ),
        Column(
            name="measures", zh="整改措施", en="Measures", kind="long", longest=1000,
            headings=("治理措施", "防范措施"),
        ),
        Column(name="mended_on", zh="整改完成日期", en="Mended on", kind="date", headings=("完成日期",)),
        Column(name="verifier", zh="复查单位", en="Verified by", headings=("验收单位",)),
        Column(
            name="verified_on", zh="复查销号日期", en="Verified on", kind="date",
            headings=("复查日期", "销号日期"),
        ),
        Column(name="address", zh="地址", en="Address", searched=True, headings=("详细地址", "隐患位置")),
        Column(
            name="keeper", zh="责任人", en="Person responsible", longest=50, mask="name",
            headings=("整改责任人", "负责人"),
        ),
        Column(
            name="phone", zh="联系电话", en="Telephone", kind="phone", longest=60, mask="phone",
            headings=("电话", "手机"),
        ),
        LON,
        LAT,
    ),
    duplicate=("place", "name", "found_on"),
    keepers=frozenset({"duty_officer", "duty_chief", "operator"}),
    owners=frozenset({"field_reporter", "program_registers"}),
    spans=(Span("found_on", "mend_by"), Span("found_on", "mended_on"), Span("mended_on", "verified_on")),
    needs=(
        Need("state", "mending", ("mender", "mend_by")),
        Need("state", "mended", ("mender", "mended_on")),
        Need("state", "verified", ("mended_on", "verifier", "verified_on")),
    ),
    symbol_zh="患",
    symbol_en="D",
    fresh_days=30,
    fresh_source="our estimate, what is being mended is looked at each month, 2026-11-29",
    note_zh="发现的隐患：谁来整改、什么时限、由谁复查销号。",
    note_en="What was found wrong, who mends it until when, and who verified it.",
)  # fmt: skip
