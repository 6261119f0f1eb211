"""What a line of a run says, in both languages. Pure."""

from datetime import datetime, tzinfo

from jingwei.apps.assessments.facts import Words
from jingwei.kernel.grades import NUMERALS

from .words import duration

#: Bodies of the table of deadlines that the roster may lack.
_KINDS = {
    "government": Words("政府", "government"),
    "emergency": Words("应急管理部门", "emergency department"),
    "health": Words("卫生健康部门", "health department"),
    "environment": Words("生态环境部门", "environment department"),
    "resources": Words("自然资源部门", "natural resources department"),
}
#: Who is told and is no body.
_OTHERS = {"public": Words("社会公众", "the public")}
_STAGES = {
    "first": Words("首报", "first report"),
    "continued": Words("续报", "continued report"),
    "final": Words("核报", "final report"),
}
_CHANGES = {
    "activate": Words("建议启动", "Proposed: start"),
    "raise": Words("建议提升至", "Proposed: raise to"),
    "lower": Words("建议降至", "Proposed: lower to"),
    "end": Words("建议终止", "Proposed: end"),
}
_ORDERED = {
    "activated": Words("启动", "Started:"),
    "raised": Words("提升至", "Raised to"),
    "lowered": Words("降至", "Lowered to"),
    "ended": Words("终止", "Ended:"),
}


def body(role: str, kind: str, place: Words) -> Words:
    """A body the roster lacks, by its kind and place; else as the table of deadlines names it."""
    if kind not in _KINDS:
        return _OTHERS.get(role, Words(f"“{role}”", role) if role else Words())
    said = _KINDS[kind]
    of = f", {place.en}" if place.en else ""
    return Words(f"{place.zh}{said.zh}（名册中没有）", f"{said.en}{of} (not in the roster)")


def numeral(level: int | None) -> str:
    return NUMERALS.get(level or 0, "")


def among(place: Words, count: int) -> Words:
    """The place; where several are meant, the first and how many."""
    if count == 1:
        return place
    return Words(f"{place.zh}等 {count} 处", f"{place.en} and {count - 1} more")


def and_others(by: Words) -> Words:
    """The post, and that others did the same; said once."""
    return by if by.zh.endswith("等") else Words(f"{by.zh}等", f"{by.en}, and others")


def proposed(change: str, place: Words, matter: Words, level: int | None) -> Words:
    said, n = _CHANGES[change], numeral(level)
    if level is None:
        return Words(f"{said.zh}{place.zh}{matter.zh}响应", f"{said.en} the response of {place.en}")
    return Words(f"{said.zh}{place.zh}{matter.zh}{n}级响应", f"{said.en} response level {n} for {place.en}")


def ordered(how: str, place: Words, matter: Words, level: int | None) -> Words:
    said, n = _ORDERED[how], numeral(level)
    return Words(f"{place.zh}{said.zh}{matter.zh}{n}级响应", f"{said.en} response level {n} for {place.en}")


def started(tasks: int, measures: int, filled: int, seats: int) -> Words:
    return Words(
        f"指挥机构 {filled}/{seats} 席在岗，下达任务 {tasks} 项，措施 {measures} 项",
        f"command body {filled} of {seats} seats filled, {tasks} orders, {measures} measures",
    )


def graded(title: Words, grade: int, *, confirmed: bool) -> Words:
    n = NUMERALS[grade]
    if confirmed:
        return Words(f"确认“{title.zh}”为 {n} 级", f"Confirmed: {title.en}, grade {n}")
    return Words(f"拟定“{title.zh}”为 {n} 级", f"Proposed: {title.en}, grade {n}")


def owed(stage: str, sender: Words, receiver: Words, due_at: datetime | None, zone: tzinfo) -> Words:
    said = _STAGES[stage]
    by = f"{due_at.astimezone(zone):%m-%d %H:%M}" if due_at else ""
    zh, en = (f"，{by} 前", f" by {by}") if by else ("，立即", " at once")
    return Words(
        f"应报：{sender.zh}向{receiver.zh}{said.zh}{zh}", f"Owed: {said.en}, {sender.en} to {receiver.en}{en}"
    )


def sent(stage: str, sender: Words, receiver: Words, count: int, late_min: int) -> Words:
    said = _STAGES[stage]
    times = Words(f" {count} 次", f", {count} times") if count > 1 else Words()
    late = duration(late_min)
    zh, en = (f"，超限 {late.zh}", f", {late.en} past the limit") if late_min else ("", "")
    return Words(
        f"{sender.zh}向{receiver.zh}{said.zh}{times.zh}{zh}",
        f"{said.en.capitalize()}{times.en}: {sender.en} to {receiver.en}{en}",
    )


def received(receiver: Words, count: int) -> Words:
    times = Words(f" {count} 件", f" {count} reports") if count > 1 else Words("报告", " the report")
    return Words(f"{receiver.zh}签收{times.zh}", f"{receiver.en} has{times.en}")


def phoned(sender: Words, late_min: int) -> Words:
    late = duration(late_min)
    zh, en = (f"，超限 {late.zh}", f", {late.en} past the limit") if late_min else ("", "")
    return Words(f"{sender.zh}电话报告{zh}", f"{sender.en} reports by telephone{en}")


def lapsed(sender: Words, count: int) -> Words:
    times = Words(f" {count} 次", f" {count} times") if count > 1 else Words()
    return Words(f"到限未报{times.zh}：{sender.zh}", f"Limit passed{times.en}, no report: {sender.en}")


def published(title: Words, count: int) -> Words:
    times = Words(f"等 {count} 件", f" and {count - 1} more") if count > 1 else Words()
    return Words(f"向社会发布：{title.zh}{times.zh}", f"Told the public: {title.en}{times.en}")


def acknowledged(count: int) -> Words:
    return Words(f"任务签收 {count} 项", f"{count} orders acknowledged")


def overdue(count: int) -> Words:
    return Words(
        f"任务到时未报办结 {count} 项：是否完成，推演无从知道，不代为填写",
        f"{count} orders past their time without word of completion: whether they were carried out "
        "no run can know, and none is made up",
    )


def nobody(what: Words, body: Words, count: int) -> Words:
    times = Words(f"（{count} 次）", f" ({count} times)") if count > 1 else Words()
    zh = f"{body.zh}：" if body.zh else ""
    en = f", {body.en}" if body.en else ""
    return Words(
        f"无人可定{times.zh}：{zh}本节点没有岗位可以“{what.zh}”",
        f'Nobody may decide{times.en}: no post on this node may "{what.en}"{en}',
    )


def refused(code: str, count: int) -> Words:
    times = Words(f"（{count} 次）", f" ({count} times)") if count > 1 else Words()
    return Words(f"未能办理{times.zh}：{code}", f"Refused{times.en}: {code}")
