"""What others make, and what they promised."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Register, Span

from ..models import Agreement, Producer
from .columns import ADDRESS, KEEPERS, OWNERS, PHONE, day, kind, person

PRODUCERS = Register(
    code="producers",
    zh="应急物资生产企业",
    en="Producers of supplies",
    model=Producer,
    columns=(
        NAME,
        kind("主要产品类别", "Main class of products", "supply_class"),
        PLACE,
        OWNER,
        Column(
            name="makes",
            zh="主要产品",
            en="Makes",
            longest=500,
            searched=True,
            listed=True,
            headings=("产品", "产品名称"),
        ),
        Column(
            name="daily_output",
            zh="日产能",
            en="Daily output",
            listed=True,
            headings=("产能", "日产量", "生产能力"),
        ),
        Column(
            name="promised",
            zh="已签供给协议",
            en="Has an agreement",
            kind="flag",
            filtered=True,
            headings=("是否签订协议",),
        ),
        ADDRESS,
        person("keeper", "联系人", "Contact"),
        PHONE,
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="产",
    symbol_en="P",
    fresh_days=180,
    fresh_source="our estimate, output is asked for twice a year, 2026-11-29",
    note_zh="能生产应急物资的企业：产什么、每天多少、是否签过协议。",
    note_en="Who makes what an emergency needs: what, how much a day, and whether it is agreed.",
)

AGREEMENTS = Register(
    code="agreements",
    zh="应急协议",
    en="Agreements on help",
    model=Agreement,
    columns=(
        NAME,
        kind("协议类别", "Kind of agreement", "agreement_kind"),
        PLACE,
        OWNER,
        Column(
            name="other_party", zh="协议对方", en="With whom", required=True, listed=True, searched=True,
            headings=("乙方", "对方单位", "签约单位"),
        ),
        Column(
            name="covers", zh="协议内容", en="About what", kind="long", longest=1000, searched=True,
            headings=("主要内容", "内容"),
        ),
        day("signed_on", "签订日期", "Signed on", "签约日期"),
        day("valid_from", "生效日期", "Valid from", "开始日期"),
        day("valid_to", "到期日期", "Valid to", "终止日期", "有效期至", due=True, listed=True),
        person("keeper", "对方联系人", "Contact"),
        PHONE,
    ),
    duplicate=("place", "name", "valid_from"),
    keepers=KEEPERS,
    owners=OWNERS,
    spans=(Span("signed_on", "valid_to"), Span("valid_from", "valid_to")),
    symbol_zh="约",
    symbol_en="A",
    fresh_days=365,
    fresh_source="our estimate, agreements are looked through once a year, 2026-11-29",
    note_zh="与企业签订的生产供给协议和地区间的互助协议：对方、内容、何时到期。",
    note_en="Agreements with companies and between areas: with whom, about what, until when.",
)  # fmt: skip
