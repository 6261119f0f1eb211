"""A line of a file of reports, read by the columns a person matched. Nothing of a line is lost."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from jingwei.apps.reports.facts import Told

from .intake import read_report

#: What a column may stand for, and what it is called in files as they come.
FIELDS: dict[str, tuple[str, ...]] = {
    "words": (
        "内容", "报告内容", "事件描述", "描述", "详情", "警情内容", "简要情况", "情况", "words",
        "description", "text", "message",
    ),
    "occurred_at": (
        "时间", "发生时间", "报警时间", "接警时间", "事发时间", "上报时间", "time", "occurred at",
        "occurred_at", "date", "datetime",
    ),
    "kind": ("事件代码", "事件分类代码", "类别代码", "kind", "kind code", "event code"),
    "place": ("区划代码", "行政区划代码", "place", "place code", "division code"),
    "place_words": ("地点", "地址", "事发地点", "位置", "详细地址", "address", "location", "where"),
    "lon": ("经度", "lon", "lng", "longitude", "x"),
    "lat": ("纬度", "lat", "latitude", "y"),
    "datum": ("坐标系", "datum", "crs"),
    "source": ("来源", "信息来源", "报送单位", "单位", "source", "reported by"),
    "caller_name": ("报警人", "报告人", "联系人", "姓名", "caller", "name"),
    "caller_phone": (
        "电话", "联系电话", "报警电话", "手机", "手机号", "phone", "tel", "telephone", "mobile",
    ),
    "event_ref": ("事件编号", "警单编号", "案件编号", "event", "event id", "case id"),
    "title": ("标题", "事件名称", "名称", "title"),
}  # fmt: skip
_FIELD_OF = {word: field for field, words in FIELDS.items() for word in words}
_BLANKS = re.compile(r"[\s_：:（）()\[\]]+")
_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(.*)")
_TIME = re.compile(r"[T\s]*(\d{1,2})[时点:：](\d{1,2})?[分:：]?(\d{1,2})?(?:\.\d+)?秒?(.*)")


def match(headings: Sequence[str]) -> dict[str, int]:
    """Which column stands for which field, by what they are called; each field once."""
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        plain = unicodedata.normalize("NFKC", heading).strip().lower()
        field = _FIELD_OF.get(plain) or _FIELD_OF.get(_BLANKS.sub("", plain))
        if field and field not in found:
            found[field] = number
    return found


def read_line(headings: Sequence[str], cells: Sequence[str], columns: Mapping[str, int]) -> Told:
    """What a line says. Columns that stand for nothing are kept as text beside the words."""
    content: dict[str, object] = {}
    flags: list[str] = []
    for field, number in columns.items():
        value = cells[number].strip() if number < len(cells) else ""
        if value:
            content[field] = _plain(field, value)
    place = str(content.get("place", ""))
    if place and not place.isdigit():  # a name where a code was promised: words about the place
        words = [str(content["place_words"])] if "place_words" in content else []
        content["place_words"] = " ".join([content.pop("place"), *words])  # type: ignore[list-item]
    rest = [
        f"{heading or number + 1}: {cell.strip()}"
        for number, (heading, cell) in enumerate(_paired(headings, cells))
        if cell.strip() and number not in columns.values()
    ]
    if rest:
        content["words"] = "\n".join([str(content.get("words", "")), *rest]).strip()
    return read_report(content, flags, channel="file")


def _paired(headings: Sequence[str], cells: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(headings), len(cells))
    named = [*headings, *[""] * (width - len(headings))]
    return list(zip(named, [*cells, *[""] * (width - len(cells))], strict=True))


def _plain(field: str, value: str) -> object:
    if field == "occurred_at":
        return _moment(unicodedata.normalize("NFKC", value))
    if field in ("lon", "lat", "place", "kind", "datum", "caller_phone"):
        return unicodedata.normalize("NFKC", value).strip()
    return value


def _moment(text: str) -> str:
    """A time as people write it, as ISO 8601; what is none is left as it is, to be flagged."""
    day = _DAY.fullmatch(text.strip())
    if day is None:
        return text
    year, month, date, rest = day.groups()
    clock = _TIME.fullmatch(rest.strip()) if rest.strip() else None
    if rest.strip() and clock is None:
        return text
    hour, minute, second, zone = clock.groups() if clock else ("0", "0", "0", "")
    written = (
        f"{year}-{int(month):02}-{int(date):02}T{int(hour):02}:{int(minute or 0):02}:{int(second or 0):02}"
    )
    try:
        datetime.fromisoformat(written + zone.strip())
    except ValueError:
        return text
    return written + zone.strip()
