"""The forms, row by row, in both languages at once: a sheet is one for everybody.

`lines`: how many ruled lines of 8 mm a row has to write on. `half`: two such rows stand side by side.
"""

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One thing to be written. `checks`: boxes to tick, each in both languages."""

    zh: str
    en: str
    lines: int = 1
    half: bool = False
    checks: tuple[tuple[str, str], ...] = ()


class Table(msgspec.Struct, frozen=True):
    """A table to be filled in: its columns, the words already in it, and how many empty rows follow."""

    zh: str
    en: str
    columns: tuple[tuple[str, str], ...]
    first: tuple[tuple[str, str], ...] = ()
    empty: int = 0


class Form(msgspec.Struct, frozen=True):
    """One form. `letters` begin its serials; `taken`: what the first time on it means."""

    code: str
    letters: str
    zh: str
    en: str
    taken: tuple[str, str]
    body: tuple[Row | Table, ...]
    note: tuple[str, str] = ("", "")


CHANNELS = (
    ("110", "110"),
    ("119", "119"),
    ("120", "120"),
    ("122", "122"),
    ("12345", "12345"),
    ("值班电话", "duty phone"),
    ("电台", "radio"),
    ("来人", "in person"),
)
LEVELS = (("Ⅰ级", "level I"), ("Ⅱ级", "level II"), ("Ⅲ级", "level III"), ("Ⅳ级", "level IV"))
#: Measures of people counted, as the tables of figures name them.
COUNTED = (
    ("死亡", "dead"),
    ("失踪（下落不明）", "missing"),
    ("受伤", "injured"),
    ("其中重伤", "of them seriously"),
    ("被困", "trapped"),
    ("转移安置", "relocated and housed"),
)

REPORT = Form(
    code="report",
    letters="PH",
    zh="电话接报记录单",
    en="Report taken by telephone",
    taken=("接到时间", "Told at"),
    body=(
        Row("来电人所述（原话）", "What the caller says, in the caller's words", lines=5),
        Row("发生时间", "When it happened", half=True),
        Row("事件种类", "Kind of event", half=True),
        Row("地点（区县、街道、门牌或标志物）", "Place (county, street, number or landmark)", lines=2),
        Row("来电人姓名", "Caller's name", half=True),
        Row("来电号码", "Caller's number", half=True),
        Row("来源", "Channel", checks=CHANNELS),
        Row("是否需要救援", "Rescue needed", checks=(("是", "yes"), ("否", "no"), ("不详", "not known"))),
        Table(
            "人员（来电人所说，未说的空着）",
            "People, as the caller says; empty means not said",
            columns=tuple(COUNTED[i] for i in (0, 1, 2, 4)),
            empty=1,
        ),
        Row("已转告（单位、姓名、时间）", "Passed on to (office, name, time)", lines=2),
    ),
)
COUNT = Form(
    code="count",
    letters="CN",
    zh="人员统计表",
    en="People counted",
    taken=("统计截止时间", "Counted up to"),
    body=(
        Row("统计区域", "Area", half=True),
        Row("来源（单位、姓名）", "Source (office, name)", half=True),
        Table(
            "人数（死亡与失踪不相加；不同区域不混用）",
            "Numbers (never add dead and missing, or two areas)",
            columns=(("项目", "measure"), ("人数", "number"), ("核对人", "checked by"), ("说明", "remarks")),
            first=COUNTED,
        ),
        Table(
            "名单",
            "List of persons",
            columns=(
                ("姓名", "name"),
                ("性别", "sex"),
                ("年龄", "age"),
                ("证件后四位", "last 4 of ID"),
                ("情况", "state"),
                ("地点", "where"),
                ("时间", "time"),
            ),
            empty=9,
        ),
    ),
)
ORDER = Form(
    code="order",
    letters="TK",
    zh="任务单",
    en="Order",
    taken=("下达时间", "Given at"),
    body=(
        Row("下达人（姓名、岗位）", "Ordered by (name, post)", half=True),
        Row("承办单位、岗位", "To (office, post)", half=True),
        Row("任务", "What is to be done", lines=5),
        Row("地点", "Where", half=True),
        Row("完成时限", "Done by", half=True),
        Row("依据（预案或法律条款）", "Under (clause of plan or law)"),
        Row("签收（姓名、时间）", "Received by (name, time)", half=True),
        Row("传达方式", "Sent by", half=True),
        Row("办理情况", "What was done", lines=3),
        Row("办结时间、报告人", "Done at, reported by"),
    ),
    note=("一式两份：承办单位一份，下达单位留一份。", "In two copies: one goes out, one stays."),
)
ACTIVATION = Form(
    code="activation",
    letters="AC",
    zh="应急响应启动单",
    en="Activation of a response",
    taken=("决定时间", "Decided at"),
    body=(
        Row("预案名称、版本", "Plan, version"),
        Row("地点", "Place", half=True),
        Row("事项", "Matter", half=True),
        Row("响应级别", "Level", checks=LEVELS),
        Row("预计期限至", "Expected until", half=True),
        Row("理由", "Reason", half=True),
        Table(
            "措施（各有依据、区域和截止时间）",
            "Measures (each with clause, area and end)",
            columns=(("措施", "measure"), ("依据", "clause"), ("区域", "area"), ("截止", "until")),
            empty=5,
        ),
        Row("决定人（姓名、岗位、签字）", "Decided by (name, post, signature)", lines=2),
        Row("已通知（单位、时间）", "Told to (office, time)", lines=2),
    ),
)
#: Source: [SRC-REG493] art. 12, items 1 to 6, in its order.
SITREP = Form(
    code="sitrep",
    letters="SR",
    zh="突发事件信息报告单",
    en="Situation report",
    taken=("报出时间", "Sent at"),
    body=(
        Row("报告类别", "Kind", checks=(("初报", "first"), ("续报", "continued"), ("核报", "final"))),
        Row("报送单位", "From", half=True),
        Row("收报单位、收报人", "To, received by", half=True),
        Row(
            "报送方式",
            "Sent by",
            checks=(("电话", "telephone"), ("传真", "fax"), ("电台", "radio"), ("专人", "messenger")),
        ),
        Row("一、事发单位概况", "1. The unit concerned"),
        Row("二、时间、地点、现场情况", "2. Time, place, the scene", lines=2),
        Row("三、简要经过", "3. What happened, in short", lines=3),
        Row(
            "四、伤亡人数（含下落不明）、初步估计直接经济损失",
            "4. Casualties (with whereabouts unknown), direct loss as first estimated",
            lines=2,
        ),
        Row("五、已采取的措施", "5. Measures taken", lines=3),
        Row("六、其他应当报告的情况", "6. Whatever else must be reported", lines=2),
        Row("签发人（姓名、岗位、签字）", "Signed (name, post)"),
    ),
    note=("不清楚的写“待核”，不要空等。", "Write “to be checked” for what is not known; do not wait for it."),
)
RELEASE = Form(
    code="release",
    letters="RL",
    zh="信息发布单",
    en="Release to the public",
    taken=("发布时间", "Told at"),
    body=(
        Row("标题", "Title"),
        Row("正文（发生了什么；请这样做）", "Text (what happened; what to do)", lines=8),
        Row("有效至", "Valid until", half=True),
        Row("发布地点、方式", "Told where and how", half=True),
        Row("拟稿人（姓名、岗位）", "Written by (name, post)"),
        Row(
            "审核签发人（须为另一人，姓名、岗位、签字）",
            "Approved by (another person; name, post, signature)",
        ),
        Row("张贴、宣读记录（地点、时间、人）", "Posted, read out (where, when, by whom)", lines=3),
    ),
)

FORMS: dict[str, Form] = {one.code: one for one in (REPORT, COUNT, ORDER, ACTIVATION, SITREP, RELEASE)}
