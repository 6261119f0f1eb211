"""What may be laid over a rule, when it asks less than the law, and who may confirm it. Pure."""

import uuid
from datetime import date

from jingwei.kernel.codes import is_place_code, kind_prefix

from ..facts import SCOPES, DeadlineRule, DemandStandard, GradingRule, Overlay, Ruled, WarningSignal
from .tables import RulesRefused

#: The longest limit an area may set, minutes. Source: our estimate, a month; the longest of the law is a
#: month too, 2026-11-29.
LONGEST_MINUTES = 31 * 24 * 60
#: The largest threshold that is taken. Source: our estimate, far above any figure of a table, 2026-11-29.
LARGEST = 1e12
#: Digits of a province's code. Source: GB/T 2260.
PROVINCE = 2


def value_of(rule: Ruled) -> str:
    """The value of a rule that an area may lay its own over."""
    if isinstance(rule, DemandStandard):
        return f"{rule.quantity:.12g}"
    return str(rule.limit_minutes) if isinstance(rule, DeadlineRule) else str(getattr(rule, "value", ""))


def may_be_overlaid(rule: Ruled) -> bool:
    """Whether the node works by the row and its value is a number.

    Fixed hours of the day have no limit to lay another over. Why the rows of other tables have none of an
    area's own stands with the table (`fixed` of its sheet).
    """
    if isinstance(rule, DeadlineRule):
        return not rule.trigger.startswith("daily ")
    if isinstance(rule, DemandStandard):  # of a range no one knows which end is meant
        return bool(rule.measures) and rule.quantity_to is None
    return (
        isinstance(rule, GradingRule | WarningSignal)
        and rule.op in (">=", ">", "<", "<=")
        and _number(rule.value) is not None
    )


def may_overlay_at(rule: Ruled, place: str) -> bool:
    """Whether law lets an area of this size have a value of its own.

    Standards of warning levels are the State Council's and its departments'. Source: [SRC-ERL2024] art. 63.
    A province may set others that they agree to. Source: [SRC-SIGNAL2007], recalled, unverified.
    """
    return len(place) <= PROVINCE if isinstance(rule, WarningSignal) else True


def read_value(rule: Ruled, text: str) -> str:
    """The value as it is kept. Refused when it is no number the row can have."""
    found = _number(text.strip())
    if isinstance(rule, DeadlineRule):
        if found is None or found != int(found) or not 1 <= found <= LONGEST_MINUTES:
            raise RulesRefused("overlay_value_missing")
        return str(int(found))
    least = 1 / LARGEST if isinstance(rule, DemandStandard) else 0  # so many people to none is no figure
    if found is None or not least <= found <= LARGEST:
        raise RulesRefused("overlay_value_missing")
    return f"{found:.12g}"


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if found == found and abs(found) != float("inf") else None


def is_weaker(rule: Ruled, value: str) -> bool:
    """Whether the value asks less than the rule as it holds otherwise: later, or not so easily grave.

    Where the law says at once, any number of minutes is later than that.
    """
    new = float(value)
    if isinstance(rule, DeadlineRule):
        return new > rule.limit_minutes
    if isinstance(rule, DemandStandard):  # people to one thing: the more, the less of it
        return new > rule.quantity if rule.basis == "ratio" else new < rule.quantity
    if not isinstance(rule, GradingRule | WarningSignal):
        return True
    old = float(rule.value)
    return new > old if rule.op in (">=", ">") else new < old


def hazard_of(rule: Ruled) -> str:
    """The kind of event a right is asked for: '' where the row reaches more than one."""
    if isinstance(rule, GradingRule | WarningSignal):
        return rule.kind
    prefixes = SCOPES.get(rule.event_scope, ()) if isinstance(rule, DeadlineRule) else ()
    if len(prefixes) != 1 or prefixes[0] == "1":
        return ""
    return kind_prefix(prefixes[0]).ljust(5, "0")


def check_overlay(rule: Ruled, draft: Overlay, *, holds: Ruled, accepts_weaker: bool) -> Overlay:
    """The overlay as it is kept; refused when something is missing, or it asks less and nobody said so.

    `holds`: the rule as it holds in the area without it, a wider area's overlay included.
    """
    if not is_place_code(draft.place):
        raise RulesRefused("bad_place_code", given=draft.place[:64])
    if not may_be_overlaid(rule):
        raise RulesRefused("overlay_fixed", rule=rule.rule_id)
    if not may_overlay_at(rule, draft.place):
        raise RulesRefused("overlay_province_only")
    value = read_value(rule, draft.value)
    if value == value_of(holds):
        raise RulesRefused("overlay_same_value", value=value)
    if draft.valid_to is not None and draft.valid_to <= draft.valid_from:
        raise RulesRefused("overlay_days_missing")
    if not draft.reason.strip():
        raise RulesRefused("overlay_reason_missing")
    if not draft.basis.strip():
        raise RulesRefused("overlay_basis_missing")
    weaker = is_weaker(rule, value) or is_weaker(holds, value)
    if weaker and not accepts_weaker:
        raise RulesRefused("overlay_weaker_missing")
    return Overlay(
        table=draft.table, rule_id=rule.rule_id, place=draft.place, value=value, valid_from=draft.valid_from,
        valid_to=draft.valid_to, reason=draft.reason.strip()[:500], basis=draft.basis.strip()[:200],
        weaker=weaker,
    )  # fmt: skip


def overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two spans of days share a day; the last day is excluded, None: without end."""
    (from_a, to_a), (from_b, to_b) = one, other
    return (to_b is None or from_a < to_b) and (to_a is None or from_b < to_a)


def check_end(last: date, *, valid_from: date, valid_to: date | None) -> None:
    """An early end leaves a day, and lies before the day until which it holds now."""
    if last <= valid_from or (valid_to is not None and last >= valid_to):
        raise RulesRefused("overlay_end_outside")


def check_second_person(*, author: uuid.UUID, person: uuid.UUID) -> None:
    """Who proposed it does not confirm it: the person counts, not the post they sit in."""
    if author == person:
        raise RulesRefused("overlay_own")


def check_version(*, held: int, current: int) -> None:
    if held != current:
        raise RulesRefused("overlay_changed_meanwhile")
