"""What must be protected first."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Register
from jingwei.apps.registers.queries import list_choices

from ..models import KeySite

KEY_SITES = Register(
    code="key-sites",
    zh="重点部位与关键基础设施",
    en="Key sites and critical infrastructure",
    model=KeySite,
    columns=(
        NAME,
        Column(
            name="kind", zh="目标类别", en="Kind", kind="choice", required=True, listed=True, filtered=True,
            choices=list_choices("key_site_kind"), headings=("类别", "类型", "防护目标类别"),
        ),
        PLACE,
        OWNER,
        Column(
            name="level", zh="管理级别", en="Kept at level", kind="choice", filtered=True,
            choices=list_choices("level"), headings=("级别",),
        ),
        Column(
            name="people", zh="常有人数", en="People there", kind="whole", unit_zh="人", unit_en="people",
            least=0, most=10_000_000, listed=True, headings=("人数", "最大人数", "服务人数"),
        ),
        Column(
            name="matter", zh="保护要点", en="What matters there", longest=500, searched=True,
            headings=("薄弱环节", "备注"),
        ),
        Column(
            name="backup_power", zh="备用电源", en="Backup power", kind="flag", filtered=True,
            headings=("应急电源",),
        ),
        Column(
            name="inspect_by", zh="下次检查期限", en="To be inspected by", kind="date", listed=True, due=True,
            headings=("检查期限",),
        ),
        Column(name="address", zh="地址", en="Address", searched=True, headings=("详细地址",)),
        Column(
            name="keeper", zh="安全责任人", en="Person responsible", longest=50, mask="name",
            headings=("责任人", "负责人", "联系人"),
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
    symbol_zh="重",
    symbol_en="K",
    fresh_days=180,
    fresh_source="our estimate, sites are looked at before the flood season and after, 2026-11-29",
    note_zh="需优先保护的重要部位和关键基础设施。",
    note_en="What must be protected first: important sites and critical infrastructure.",
)  # fmt: skip
