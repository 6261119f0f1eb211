"""Lists of needs as townships and shelters send them: which columns they have, what each line becomes."""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.timezone import get_current_timezone, localdate, localtime

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards import queries as hazards
from jingwei.apps.needs import actions
from jingwei.apps.needs import queries as needs
from jingwei.apps.needs.facts import NewNeed
from jingwei.apps.places import queries as places
from jingwei.apps.registers.facts import Cell, CellError, Column, Kept, Looked, Register
from jingwei.apps.stock import queries as stock
from jingwei.apps.stock.queries import SupplyLine
from jingwei.engines.reading import read_facts
from jingwei.kernel.canonical import plain_digest
from jingwei.kernel.codes import is_place_code, normal_place
from jingwei.kernel.moments import By, Moment

from . import rules
from .rules import CellOdd, fold

#: By these, and by what quantity, place and time are read as, a line is the same when it comes again;
#: reasons may be worded anew.
SAME = ("name", "code", "people", "groups", "asker")
_CODE = re.compile(r"\[([\w.-]+)\]$")
T = TypeVar("T")


class _Looker:
    """What lines would become: what they name is looked up once for all."""

    def __init__(self, *, by: By, moment: Moment) -> None:
        self.moment = moment
        self.authority = agencies.list_authorities([by])[by]
        self.classes = hazards.list_need_classes(on=localdate(moment.at))
        self._places: dict[str, tuple[str, str, str, str] | None] = {}
        self._supplies: dict[str, SupplyLine | None] = {}

    def __call__(self, values: Mapping[str, Cell]) -> Looked:
        try:
            return self._look({name: str(v) for name, v in values.items() if v not in ("", None)})
        except CellOdd as odd:
            facts = {name: str(v) for name, v in odd.facts.items() if name != "column"}
            return Looked(errors=(CellError(str(odd.facts["column"]), odd.code, facts),))

    def _look(self, v: dict[str, str]) -> Looked:
        name, notes = v.get("name", "")[:100], []
        if not name and not v.get("code"):
            raise CellOdd("cell_missing", column="name")
        where = self._place(v.get("place", ""))
        amount = _read("quantity", lambda: rules.read_amount(v.get("quantity", "")))
        due = _read("due", lambda: rules.read_deadline(v.get("due", ""), today=localdate(self.moment.at)))
        supply = self._supply(v.get("code", "")) or self._supply(name)
        unit, in_packs = self._unit(supply, v.get("unit", "") or amount.unit)
        item_class, guessed = self._class(v.get("class", ""), name)
        groups, others = rules.read_groups(v.get("groups", ""))
        soon = v["due"] if rules.is_now(v.get("due", "")) else ""
        new = NewNeed(
            supply_id=supply.id if supply else None, words="" if supply else name or v["code"],
            unit="" if supply else unit, item_class=item_class, quantity=amount.number, in_packs=in_packs,
            place=where[0], site=where[1], due_at=due.replace(tzinfo=get_current_timezone()) if due else None,
            people=int(v["people"]) if "people" in v else None, groups=groups,
            why="；".join(x for x in (v.get("why", ""), others, soon) if x)[:300],
            asker=v.get("asker", "")[:100],
        )  # fmt: skip
        if supply is None:
            notes.append(CellError("name", "line_words"))
        if guessed:
            notes.append(
                CellError("class", "line_class_other" if item_class == "other" else "line_class_read")
            )
        if amount.number is None:
            notes.append(CellError("quantity", "line_quantity_open"))
        if new.due_at and new.due_at <= self.moment.at:
            notes.append(CellError("due", "line_due_past"))
        if like := needs.count_like(new, authority=self.authority, at=self.moment.at):
            notes.append(CellError("name", "line_like", {"n": str(like)}))
        same = [fold(v.get(one, "")).casefold() for one in SAME]
        read = [amount.number, unit, where[0], where[1], due.isoformat() if due else soon]
        key = plain_digest([*same, *read])
        said = self._words(new, supply, amount.number, where)
        return Looked(new=new, key=key, said=said, notes=tuple(notes))

    def _place(self, text: str) -> tuple[str, str, str, str]:
        """Division, site, and the name of the place in both languages."""
        if not text:
            raise CellOdd("cell_missing", column="place")
        word = fold(text)
        if word not in self._places:
            self._places[word] = self._find_place(_CODE.search(word)[1] if _CODE.search(word) else word)  # type: ignore[index]
        found = self._places[word]
        if found is None:
            raise CellOdd("cell_no_place_or_site", column="place", given=text[:40])
        return found

    def _find_place(self, word: str) -> tuple[str, str, str, str] | None:
        if is_place_code(normal_place(word)) and (of := places.find_division(word)):
            return of.code, "", of.name, of.name_en
        if site := places.find_site(word):
            return site.place, site.id, site.name_zh, site.name_en
        hits = places.search_places(word, within=self.authority.place, limit=20)
        exact = [p for p in hits if word.casefold() in (p.name.casefold(), p.name_en.casefold())] or hits
        best = [p for p in exact if p.level == exact[0].level]
        if len(best) != 1:
            return None
        return best[0].code, best[0].site, best[0].name, best[0].name_en

    def _supply(self, text: str) -> SupplyLine | None:
        """The supply that is called just so, or has this code; two of one name are none."""
        word = fold(text).casefold()
        if word not in self._supplies:
            hits = stock.list_supplies(fold(text)) if word else []
            named = [one for one in hits if word in (fold(one.name_zh).casefold(), one.name_en.casefold())]
            hits = [one for one in hits if one.code.casefold() == word] or named
            self._supplies[word] = hits[0] if len(hits) == 1 else None
        return self._supplies[word]

    def _unit(self, supply: SupplyLine | None, text: str) -> tuple[str, bool]:
        """Units as they are; of a supply the stock's own, or its packages."""
        unit = fold(text)[:24]
        word = unit.casefold()
        if supply is None or not word or word in (supply.unit_zh.casefold(), supply.unit_en.casefold()):
            return unit, False
        if word.rstrip("s") == supply.unit_en.casefold().rstrip("s"):
            return unit, False
        if word in rules.PACKS and supply.pack:
            return unit, True
        raise CellOdd(
            "cell_other_unit", column="unit", given=unit, unit_zh=supply.unit_zh, unit_en=supply.unit_en
        )

    def _class(self, text: str, name: str) -> tuple[str, bool]:
        """The class that is given; else the one that the item's words are read as, and that it is a guess."""
        word = fold(text).casefold()
        if word:
            for code, one in self.classes.items():
                if word in (code, one.name_zh.casefold(), one.name_en.casefold()):
                    return code, False
        said = (f.label for f in read_facts(f"急需{name}") if f.measure == "need" and f.label in self.classes)
        found = next(said, "")
        if word and not found:
            raise CellOdd("cell_no_class", column="class", given=text[:40])
        return found or "other", True

    def _words(
        self, new: NewNeed, supply: SupplyLine | None, number: int | None, where: tuple[str, str, str, str]
    ) -> tuple[tuple[str, str], ...]:
        """The need part by part, in Chinese and English: what, how many, where, by when, its class."""
        of = self.classes[new.item_class]
        parts = [(supply.name_zh, supply.name_en) if supply else (new.words, new.words)]
        if number is not None:
            units = number * supply.pack if new.in_packs and supply and supply.pack else number
            unit = (supply.unit_zh, supply.unit_en) if supply else (new.unit, new.unit)
            parts.append((f"{units:,} {unit[0]}".strip(), f"{units:,} {unit[1]}".strip()))
            if supply and units != number:
                parts.append((f"{number:,} 件，每件 {supply.pack}", f"{number:,} packages of {supply.pack}"))
        parts.append((where[2], where[3] or where[2]))
        if new.due_at:
            by = localtime(new.due_at).strftime("%Y-%m-%d %H:%M")
            parts.append((f"{by} 前", f"by {by}"))
        return (*parts, (of.name_zh, of.name_en))


def _read(column: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except CellOdd as odd:
        raise CellOdd(odd.code, column=column, **odd.facts) from odd


def _ask(new: NewNeed, *, by: By, moment: Moment) -> uuid.UUID:
    return actions.ask_need(new, by=by, moment=moment)


def _take_back(need_id: uuid.UUID, file_name: str, *, by: By, moment: Moment) -> None:
    """Withdraw what a line became, as long as nobody changed, confirmed, joined or served it."""
    reason = f"随文件撤回 / taken back with the file: {file_name}"
    actions.withdraw_need(need_id, reason=reason, version=1, unserved=True, by=by, moment=moment)


def _column(name: str, zh: str, en: str, called: str, **more: Any) -> Column:
    """A column and what it is called in lists as they come, with strokes between."""
    return Column(name=name, zh=zh, en=en, headings=tuple(called.split("|")), **more)


COLUMNS = (
    _column(
        "name", "所需物资", "What is needed",
        "物资|物资名称|物资品名|品名|名称|需求|需求物资|需求名称|需求品名|需求内容|需要物资|需要的物资|所需物品|物品|"
        "物品名称|item|items|item name|supply|supplies|need|needs|needed|goods|description|item description",
        longest=100,
    ),
    _column(
        "quantity", "数量", "How many",
        "需求数量|需求量|所需数量|需要数量|申请数量|缺口|缺口数量|"
        "quantity|qty|amount|number|count|quantity needed",
        longest=60,
    ),
    _column("unit", "计量单位", "Unit", "单位|uom|units", longest=24),
    _column(
        "place", "地点", "Where",
        "需求地点|送达地点|接收地点|送往|位置|地址|所在地|行政区划|区划|区划代码|行政区划代码|乡镇|街道|乡镇街道|"
        "安置点|place|location|address|site|shelter|township|division|division code|place code|deliver to",
        longest=120,
    ),
    _column(
        "due", "需要时间", "Needed by",
        "截止时间|截止日期|时限|送达时限|送达时间|需求时间|要求时间|要求送达时间|最晚送达|"
        "deadline|due|due date|by when|date needed|required by|date",
        longest=60,
    ),
    _column(
        "asker", "需求单位", "Who asks",
        "申请单位|上报单位|填报单位|报送单位|提出单位|请求单位|申领单位|"
        "requested by|requester|organization|organisation|asker|from|on behalf of",
        longest=100,
    ),
    _column(
        "people", "人数", "People",
        "涉及人数|受益人数|服务人数|安置人数|需求人数|"
        "beneficiaries|persons|number of people|for how many people|heads",
        kind="whole", least=1,
    ),
    _column(
        "groups", "人群", "For whom",
        "重点人群|特殊人群|对象|服务对象|使用对象|使用人群|groups|who|target group",
        longest=100,
    ),
    _column(
        "class", "需求类别", "Class of needs",
        "类别|分类|类型|物资类别|class|category|type|sector|cluster",
        longest=60,
    ),
    _column(
        "why", "原因", "Why",
        "用途|说明|事由|理由|备注|需求原因|"
        "reason|purpose|remark|remarks|note|notes|comment|comments|justification",
        longest=300,
    ),
    _column("code", "物资编码", "Supply code", "编码|物资代码|item code|sku|catalogue number", longest=64),
)  # fmt: skip

NEEDS = Register(
    code="needs",
    zh="需求清单",
    en="List of needs",
    kept=Kept(
        add=_ask,
        add_right="needs.ask_need",
        looks=_Looker,
        ended=needs.is_over,
        take_back=_take_back,
        take_back_right="needs.withdraw_need",
        always=("place", "asker", "due", "class"),
    ),
    columns=COLUMNS,
    duplicate=("place", "name"),
    keepers=frozenset(),
    symbol_zh="需",
    symbol_en="N",
)

REGISTERS = (NEEDS,)
