"""What the tables and their columns are called in the field, and what is sought in them. Pure."""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

#: Regimes of the whole nation, and what is general practice in it.
NATIONAL = (
    "general", "national_master_plan", "general_practice", "production_safety", "public_health",
    "animal_epidemic", "disaster_relief", "disaster_statistics", "environment", "geological",
    "forest_fire", "public_release", "charity",
)  # fmt: skip
#: Regimes of one province, with its division code. Any other regime is an example from elsewhere.
LOCAL: Mapping[str, str] = {"henan_emergency_dept": "41", "jiangxi_regulation": "36"}

#: Kinds of events by the word of the deadlines, as prefixes of event codes.
SCOPES: Mapping[str, tuple[str, ...]] = {
    "all": ("1",),
    "warning": ("1",),
    "natural_disaster": ("11",),
    "accident": ("12",),
    "accident+natural": ("11", "12"),
    "public_health": ("13",),
    "infectious_disease": ("13A",),
    "animal_epidemic": ("13E",),
    "social_security": ("14",),
    "environmental": ("12Q",),
    "geological": ("11D",),
    "forest_fire": ("11G",),
}


#: What the numbers of the rules begin with; any other begins one of a deadline.
_TABLES: Mapping[str, str] = {
    "GR": "grading-rules", "RT": "response-triggers", "WS": "warning-signals", "DS": "demand-standards",
    "NC": "need-classes", "DV": "dispatch-values",
}  # fmt: skip
_RULE = re.compile(r"(GR|RT|WS|DS|NC|DV)\d{3}[a-z]?|[A-Z]{2,3}-\d{2}")


def is_rule_id(text: str) -> bool:
    """Whether the text is the number of a rule, as the tables number them: GR001, ERL-01."""
    return _RULE.fullmatch(text) is not None and not text.startswith("SRC-")


def table_of(rule_id: str) -> str:
    """The table in which the rule with this number stands."""
    return _TABLES.get(rule_id[:2] if rule_id[2:3].isdigit() else "", "reporting-deadlines")


class Column(msgspec.Struct, frozen=True):
    """A column in the field's words; `words`: the group of terms its codes belong to."""

    zh: str
    en: str
    words: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it is shown: its name, what it is for, and the columns a list shows.

    `overlaid`: the column that an area may lay its own value over; `fixed`: why law lets no area do so, or
    only some, and `fixed_by` the article that says so.
    """

    zh: str
    en: str
    note_zh: str
    note_en: str
    listed: tuple[str, ...]
    title: str = ""
    level: str = ""
    overlaid: str = ""
    fixed_zh: str = ""
    fixed_en: str = ""
    fixed_by: str = ""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is sought in a table: words, a kind and what is under it, a grade or level, an area where the
    row holds, how well it is known (full, half, recalled, empty), and a day on which it applies.
    """

    text: str = ""
    kind: str = ""
    level: int | None = None
    place: str = ""
    evidence: str = ""
    on: date | None = None


COLUMNS: Mapping[str, Column] = {
    "rule_id": Column("编号", "Number"),
    "text_zh": Column("条文要点", "What it says"),
    "source": Column("依据", "Source"),
    "article": Column("条款", "Article"),
    "also": Column("另见依据", "Further source"),
    "source_note": Column("依据说明", "Note on the source"),
    "evidence": Column("核实程度", "Evidence"),
    "title_year": Column("依据名称年份", "Year in the source's title"),
    "valid_from": Column("施行日期", "In force from"),
    "valid_to": Column("失效日期", "In force until"),
    "until_year": Column("替代依据年份", "Year of the source that replaced it"),
    "validity_known": Column("施行日期是否明确", "Dates in force known"),
    "node": Column("覆盖", "Overlay"),
    "table": Column("分级表", "Grading table", "grading_table"),
    "kind": Column("事件类别", "Kind of event", "kind"),
    "grade": Column("事件级别", "Grade", "grade"),
    "alt_group": Column("条件组", "Group of conditions"),
    "metric": Column("指标", "Measure", "measure"),
    "op": Column("比较", "Comparison", "op"),
    "value": Column("数值", "Value", "value"),
    "unit": Column("单位", "Unit", "unit"),
    "plan": Column("应急预案", "Plan", "plan"),
    "level": Column("级别", "Level", "level"),
    "regime": Column("制度", "Regime", "regime"),
    "event_scope": Column("适用事件", "Events", "event_scope"),
    "grade_scope": Column("适用级别", "Grades", "grade_scope"),
    "from_role": Column("报告单位", "Who reports", "role"),
    "to_role": Column("接收单位", "To whom", "role"),
    "trigger": Column("起算", "Counts from", "trigger"),
    "limit_minutes": Column("时限", "Limit", "minutes"),
    "mode": Column("方式", "How", "mode"),
    "name_zh": Column("中文名称", "Chinese name"),
    "name_en": Column("英文名称", "English name"),
    "color": Column("预警颜色", "Color", "color"),
    "lead_hours": Column("时效（小时）", "Hours ahead"),
    "alt_metric": Column("或者：指标", "Or: measure", "measure"),
    "alt_op": Column("或者：比较", "Or: comparison", "op"),
    "alt_value": Column("或者：数值", "Or: value", "value"),
    "alt_unit": Column("或者：单位", "Or: unit", "unit"),
    "code": Column("代码", "Code"),
    "parent": Column("上级类别", "Wider kind", "kind"),
    "event_class": Column("事件大类", "Class", "event_class"),
    "note": Column("说明", "Note"),
    "part": Column("仅作补充", "Only added to others"),
    "adds": Column("并入的分级表", "Tables added", "grading_table"),
    "id": Column("编号", "Number"),
    "title_zh": Column("名称", "Title"),
    "adopted": Column("通过日期", "Adopted"),
    "in_force": Column("施行日期", "In force from"),
    "status": Column("状态", "Status", "status"),
    "repealed_on": Column("废止日期", "Repealed on"),
    "superseded_by": Column("被何依据替代", "Replaced by"),
    "where": Column("查阅处", "Where it was read"),
    "term": Column("词条", "Entry"),
    "zh": Column("中文", "Chinese"),
    "en": Column("英文", "English"),
    "abbr": Column("缩写", "Short form"),
    "field": Column("领域", "Field", "field"),
    "item_class": Column("需求类别", "Class of needs", "need_class"),
    "quantity": Column("标准", "Quantity"),
    "quantity_to": Column("标准上限", "To quantity"),
    "per": Column("计量", "Per", "unit"),
    "basis": Column("算法", "How it is counted", "basis"),
    "unit_zh": Column("中文单位", "Unit in Chinese"),
    "unit_en": Column("英文单位", "Unit in English"),
    "days": Column("测算天数（本系统估计）", "Days estimated (our estimate)"),
    "measures": Column("按何人数测算", "By which count of people"),
    "priority": Column("优先级（1 关系生命）", "Priority (1 saves lives)"),
    "fresh_hours": Column("有效小时", "Fresh for hours"),
    "read_in_reports": Column("从来报中识读", "Read in reports"),
}

SHEETS: Mapping[str, Sheet] = {
    "grading-rules": Sheet(
        zh="事件分级标准", en="Grading criteria",
        note_zh="各类突发事件分级的条件", note_en="the conditions of each grade",
        listed=("grade", "table", "metric", "value", "source", "evidence"),
        level="grade", overlaid="value",
    ),
    "grading-tables": Sheet(
        zh="分级表目录", en="Grading tables",
        note_zh="有哪些分级表，并入哪些条件", note_en="which tables there are, and whose rows they add",
        listed=("name_zh", "kind", "adds"), title="name",
    ),
    "reporting-deadlines": Sheet(
        zh="信息报告时限", en="Reporting deadlines",
        note_zh="谁向谁报告，多长时间内", note_en="who reports to whom, by when",
        listed=("from_role", "to_role", "event_scope", "trigger", "limit_minutes", "source", "evidence"),
        overlaid="limit_minutes",
    ),
    "response-triggers": Sheet(
        zh="国家预案响应条件", en="Triggers of response levels",
        note_zh="国家应急预案各级响应的启动条件",
        note_en="conditions of each response level of national plans",
        listed=("level", "plan", "metric", "value", "source", "evidence"), level="level",
        fixed_zh="响应级别的划分标准由国务院或者国务院确定的部门制定，地方不得在此改动；"
        "本地各级响应的启动条件写在本级预案里。",
        fixed_en="The standards of response levels are set by the State Council or the departments it names: "
        "no area changes them here. An area's own conditions stand in its own plan.",
        fixed_by="ERL2024 art.71",
    ),
    "warning-signals": Sheet(
        zh="预警信号标准", en="Warning signals",
        note_zh="各色预警信号的发布门槛", note_en="thresholds of warnings by color",
        listed=("color", "kind", "metric", "value", "lead_hours", "source", "evidence"), level="level",
        overlaid="value",
        fixed_zh="预警级别的划分标准由国务院或者国务院确定的部门制定。只有省级可以另设信号标准，"
        "须经国务院气象主管机构同意（后一句凭记忆，尚待核对）；市县不得另设。",
        fixed_en="The standards of warning levels are set by the State Council or the departments it names. "
        "Only a province may have a standard of its own, agreed by the meteorological administration of the "
        "State Council (this sentence is recalled, to be checked); no city or county may.",
        fixed_by="ERL2024 art.63",
    ),
    "demand-standards": Sheet(
        zh="人均需求标准", en="Standards of need",
        note_zh="每人需要多少，依据何处", note_en="how much people need, and who says so",
        listed=("quantity", "quantity_to", "per", "source", "evidence"), title="name",
        overlaid="quantity",
    ),
    "need-classes": Sheet(
        zh="需求优先次序和时效", en="Order and freshness of needs",
        note_zh="哪类需求先满足，多久未确认即陈旧",
        note_en="what is met first, and when a need is stale",
        listed=("priority", "fresh_hours", "source", "evidence"), title="name",
        fixed_zh="生命优先是法律的次序，各地不得改动；小时数是本系统的估计，"
        "全节点一致，使一项需求不因跨界而陈旧。",
        fixed_en="Life first is the order of the law: no area changes it. The hours are our own estimate, "
        "one for the whole node, so that no need goes stale at a border.",
        fixed_by="ERL2024 art.5",
    ),
    "dispatch-values": Sheet(
        zh="调度取值", en="Numbers of dispatch",
        note_zh="没有路网时怎样估行程，调令多久须签收",
        note_en="how ways are estimated without roads, how soon orders are answered",
        listed=("value", "unit", "source", "evidence"), title="name",
    ),
    "event-codes": Sheet(
        zh="突发事件分类", en="Kinds of events",
        note_zh="分类代码，逐级细分", note_en="codes of kinds, from wide to narrow",
        listed=("code", "name_zh", "parent", "evidence"), title="name", level="level",
    ),
    "sources": Sheet(
        zh="法律依据", en="Legal sources",
        note_zh="法律、预案、标准和报告", note_en="laws, plans, standards and reports",
        listed=("title_zh", "in_force", "status", "evidence"), title="title",
    ),
    "glossary": Sheet(
        zh="应急术语", en="Glossary",
        note_zh="业务用语的中英文", note_en="the field's words in both languages",
        listed=("zh", "en", "field", "source"), title="word",
    ),
    "metrics": Sheet(
        zh="指标名称", en="Measures",
        note_zh="各表所用指标", note_en="what the tables measure",
        listed=("name_zh", "name_en", "unit"), title="name",
    ),
}  # fmt: skip
