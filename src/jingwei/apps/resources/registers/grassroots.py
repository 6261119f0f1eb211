"""Who looks after a small area, and who reports from it."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Register, Span

from ..models import Grid, Informant
from .columns import KEEPERS, OWNERS, PHONE, count, day, kind, person

GRIDS = Register(
    code="grids",
    zh="网格与网格员",
    en="Grids and their keepers",
    model=Grid,
    columns=(
        NAME,
        kind("网格类别", "Kind of grid", "grid_kind"),
        PLACE,
        OWNER,
        Column(
            name="number", zh="网格编号", en="Number of the grid", longest=40, listed=True, searched=True,
            headings=("网格编码", "编号"),
        ),
        Column(
            name="covers", zh="覆盖范围", en="Covers", longest=500, searched=True, headings=("范围", "四至")
        ),
        count("households", "户数", "Households", "户", "households"),
        count("inhabitants", "常住人口", "Inhabitants", "人", "people", "人口", "人数"),
        count(
            "in_need", "需协助转移人数", "People who need help to leave", "人", "people", "重点人群",
            "弱势人员数",
        ),
        person("keeper", "网格员", "Keeper"),
        PHONE,
        Column(
            name="deputy", zh="替补网格员", en="Deputy", longest=50, mask="name", headings=("副网格员",)
        ),
        Column(
            name="deputy_phone", zh="替补电话", en="Telephone of the deputy", kind="phone", longest=60,
            mask="phone", headings=("副网格员电话",),
        ),
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="格",
    symbol_en="G",
    fresh_days=90,
    fresh_source="our estimate, telephone numbers are checked each quarter, 2026-11-29",
    note_zh="基层网格：管哪里、多少人、谁来喊话和转移。",
    note_en="Small areas: what they cover, how many live there, who goes from door to door.",
)  # fmt: skip

INFORMANTS = Register(
    code="informants",
    zh="灾害信息员",
    en="Disaster information officers",
    model=Informant,
    columns=(
        Column(
            name="name", zh="姓名", en="Name", required=True, longest=50, listed=True, searched=True,
            headings=("信息员姓名", "信息员"),
        ),
        kind("层级", "Level", "informant_kind"),
        PLACE,
        OWNER,
        Column(name="employer", zh="所在单位", en="Employer", listed=True, searched=True, headings=("单位",)),
        Column(name="covers", zh="负责范围", en="Reports from", searched=True, headings=("范围",)),
        day("trained_on", "最近培训日期", "Last trained", "培训日期"),
        day("train_by", "下次培训期限", "To be trained by", "培训期限", due=True, listed=True),
        PHONE,
        Column(
            name="phone_2", zh="备用电话", en="Second telephone", kind="phone", longest=60, mask="phone",
            headings=("备用号码", "座机"),
        ),
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    spans=(Span("trained_on", "train_by"),),
    symbol_zh="信",
    symbol_en="I",
    fresh_days=180,
    fresh_source="our estimate, officers are listed anew twice a year, 2026-11-29",
    note_zh="在一线报告灾情的人：管哪里、怎么找、是否培训过。",
    note_en="Who reports from the ground: from where, by which telephone, and trained until when.",
)  # fmt: skip
