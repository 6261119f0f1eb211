"""Where harm may come from."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Register
from jingwei.apps.registers.queries import list_choices

from ..models import HazardSource

HAZARD_SOURCES = Register(
    code="hazard-sources",
    zh="危险源与风险隐患区",
    en="Hazard sources and risk areas",
    model=HazardSource,
    columns=(
        NAME,
        Column(
            name="kind", zh="类别", en="Kind", kind="choice", required=True, listed=True, filtered=True,
            choices=list_choices("hazard_source_kind"), headings=("类型", "危险源类别"),
        ),
        PLACE,
        OWNER,
        Column(
            name="grade", zh="分级", en="Grade", kind="choice", listed=True, filtered=True,
            choices=list_choices("hazard_grade"), headings=("等级", "级别"),
        ),
        Column(
            name="exposed", zh="受威胁人数", en="People exposed", kind="whole", unit_zh="人",
            unit_en="people", least=0, most=100_000_000, listed=True, headings=("威胁人数", "影响人数"),
        ),
        Column(
            name="matter", zh="主要危险", en="Main danger", longest=500, searched=True, headings=("危险物质",)
        ),
        Column(
            name="inspected_on", zh="最近检查日期", en="Last inspected", kind="date",
            headings=("检查日期", "排查日期"),
        ),
        Column(name="address", zh="地址", en="Address", searched=True, headings=("详细地址",)),
        Column(
            name="keeper", zh="责任人", en="Person responsible", longest=50, mask="name",
            headings=("负责人", "联系人"),
        ),
        Column(
            name="phone", zh="联系电话", en="Telephone", kind="phone", longest=60, mask="phone",
            headings=("电话", "手机"),
        ),
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=frozenset({"duty_officer", "duty_chief", "operator"}),
    owners=frozenset({"field_reporter", "program_registers"}),
    symbol_zh="险",
    symbol_en="R",
    fresh_days=180,
    fresh_source="our estimate, dangers are looked for before the flood season and after, 2026-11-29",
    note_zh="可能引发突发事件的危险源和风险隐患区。",
    note_en="What may set off an emergency, and areas at risk.",
)  # fmt: skip
