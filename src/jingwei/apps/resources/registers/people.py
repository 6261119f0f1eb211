"""Teams, experts, and whom to call."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Register
from jingwei.apps.registers.queries import list_choices

from ..models import Contact, Expert, Team
from .columns import ADDRESS, KEEPERS, OWNERS, PHONE, count, kind, person, state

TEAMS = Register(
    code="teams",
    zh="应急救援队伍",
    en="Rescue teams",
    model=Team,
    columns=(
        NAME,
        kind("队伍类别", "Kind of team", "team_kind"),
        PLACE,
        OWNER,
        count("members", "人数", "Members", "人", "people", "队员人数", "总人数"),
        state("状态", "Readiness", "readiness"),
        Column(name="able_to", zh="主要能力", en="Able to", longest=500, searched=True, headings=("专长",)),
        ADDRESS,
        person("leader", "队长", "Leader"),
        PHONE,
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="队",
    symbol_en="T",
    fresh_days=180,
    fresh_source="our estimate, teams are listed anew twice a year, 2026-11-29",
    note_zh="可调用的应急救援队伍：综合性、专业、基层、单位和社会力量。",
    note_en="Teams that can be called: comprehensive, professional, grassroots, of units and of society.",
)

EXPERTS = Register(
    code="experts",
    zh="应急专家",
    en="Experts",
    model=Expert,
    columns=(
        Column(
            name="name", zh="姓名", en="Name", required=True, longest=50, listed=True, searched=True,
            headings=("专家姓名",),
        ),
        kind("专家类别", "Field", "expert_kind"),
        PLACE,
        OWNER,
        Column(name="employer", zh="工作单位", en="Employer", listed=True, searched=True, headings=("单位",)),
        Column(
            name="specialty", zh="专业特长", en="Specialty", listed=True, searched=True, headings=("专业",)
        ),
        Column(name="title", zh="职称职务", en="Title", longest=60, headings=("职称", "职务")),
        PHONE,
    ),
    duplicate=("place", "name", "employer"),
    keepers=KEEPERS,
    symbol_zh="专",
    symbol_en="E",
    fresh_days=365,
    fresh_source="our estimate, expert groups are appointed for a year or more, 2026-11-29",
    note_zh="可请来研判和指导的专家。",
    note_en="Who can be asked to judge a situation and to advise.",
)  # fmt: skip

CONTACTS = Register(
    code="contacts",
    zh="应急通讯录",
    en="Contacts",
    model=Contact,
    columns=(
        Column(
            name="name", zh="单位或岗位", en="Body or post", required=True, listed=True, searched=True,
            headings=("单位", "岗位", "单位名称"),
        ),
        PLACE,
        OWNER,
        Column(
            name="step", zh="呼叫顺序", en="Order of calling", kind="whole", least=1, most=999, listed=True,
            headings=("顺序", "序号"),
        ),
        Column(
            name="called_by", zh="由谁呼叫", en="Called by", listed=True, searched=True,
            headings=("上级", "上一级"),
        ),
        Column(
            name="for_what", zh="用途", en="For what", kind="choice", filtered=True, listed=True,
            choices=list_choices("contact_use"),
        ),
        person("person", "联系人", "Person"),
        PHONE,
        Column(
            name="phone_2", zh="备用电话", en="Second telephone", kind="phone", longest=60, mask="phone",
            headings=("值班电话", "备用号码"),
        ),
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    above="called_by",
    symbol_zh="话",
    symbol_en="C",
    fresh_days=90,
    fresh_source="our estimate, telephone numbers are checked each quarter, 2026-11-29",
    note_zh="谁呼叫谁，按什么顺序；号码按季度核对。",
    note_en="Who calls whom, and in which order; numbers are checked each quarter.",
)  # fmt: skip
