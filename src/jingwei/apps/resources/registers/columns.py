"""Columns and roles that the registers of means share."""

from jingwei.apps.registers.facts import Column
from jingwei.apps.registers.queries import list_choices

#: Who keeps the rows of a place, and who keeps those of their own organization.
KEEPERS = frozenset({"duty_officer", "duty_chief", "operator"})
OWNERS = frozenset({"field_reporter", "program_registers"})

ADDRESS = Column(name="address", zh="地址", en="Address", searched=True, headings=("详细地址", "住址"))
PHONE = Column(
    name="phone",
    zh="联系电话",
    en="Telephone",
    kind="phone",
    longest=60,
    mask="phone",
    headings=("电话", "手机", "联系方式", "phone"),
)


def person(name: str, zh: str, en: str) -> Column:
    """A person's name: masked, and a look at it recorded."""
    headings = ("联系人", "负责人", "contact")
    return Column(name=name, zh=zh, en=en, longest=50, mask="name", headings=headings)


def kind(zh: str, en: str, terms: str) -> Column:
    """The kind, from a list of the field's terms."""
    return Column(
        name="kind",
        zh=zh,
        en=en,
        kind="choice",
        required=True,
        listed=True,
        filtered=True,
        choices=list_choices(terms),
        headings=("类别", "类型"),
    )


def state(zh: str, en: str, terms: str) -> Column:
    """How it stands now, from a list."""
    return Column(
        name="state", zh=zh, en=en, kind="choice", listed=True, filtered=True, choices=list_choices(terms)
    )


def count(name: str, zh: str, en: str, unit_zh: str, unit_en: str, *headings: str) -> Column:
    """A whole number that stands in the list: people, beds, vehicles."""
    return Column(
        name=name,
        zh=zh,
        en=en,
        kind="whole",
        unit_zh=unit_zh,
        unit_en=unit_en,
        least=0,
        most=10_000_000,
        listed=True,
        headings=headings,
    )


def day(name: str, zh: str, en: str, *headings: str, due: bool = False, listed: bool = False) -> Column:
    """A day; `due` when something must be done by it."""
    return Column(name=name, zh=zh, en=en, kind="date", due=due, listed=listed, headings=headings)
