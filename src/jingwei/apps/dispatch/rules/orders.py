"""From what state an order may go to which; what is refused."""

from collections.abc import Mapping
from typing import Literal

from jingwei.kernel.lonlat import is_lonlat
from jingwei.kernel.refusals import Refused

Step = Literal["acknowledge", "refuse", "withdraw", "leave", "see", "arrive", "receive", "return", "use"]

#: Where a step may begin, and where it leads. What is under way is not recalled: withdraw stops before it.
STEPS: Mapping[Step, tuple[tuple[str, ...], str]] = {
    "acknowledge": (("issued",), "acknowledged"),
    "refuse": (("issued", "acknowledged"), "refused"),
    "withdraw": (("issued", "acknowledged"), "withdrawn"),
    "leave": (("issued", "acknowledged"), "under_way"),
    "see": (("under_way",), "under_way"),
    "arrive": (("under_way",), "arrived"),
    "receive": (("under_way", "arrived"), "received"),
    "return": (("received",), "received"),
    "use": (("received",), "received"),
}
#: Most units of one line. Source: our estimate, as for one move of stock, 2026-11-29.
MOST = 1_000_000_000


class DispatchRefused(Refused):
    """`proposal_unknown`, `proposal_over`, `proposal_not_made`, `line_unknown`, `line_decided`,

    `lines_missing`, `dispatch_reason_missing`, `dispatch_quantity_impossible`, `pair_unknown`,
    `pair_over`, `pair_same`, `order_unknown`, `order_not_so_now`, `order_not_addressed`,
    `order_changed_meanwhile`, `dispatch_point_impossible`, `more_than_came`,
    `dispatch_store_unknown`, `help_unknown`, `help_not_so_now`, `help_of_own_store`, `help_more_than_asked`,
    `help_asker_gone`, `agreement_over`.
    """


def step_to(step: Step, state: str) -> str:
    """The state that the step leads to. Refused where it may not begin."""
    begins, ends = STEPS[step]
    if state not in begins:
        raise DispatchRefused("order_not_so_now", state=state, step=step)
    return ends


def check_version(*, held: int | None, current: int) -> None:
    """Somebody else did something with the order since the page was made."""
    if held is not None and held != current:
        raise DispatchRefused("order_changed_meanwhile")


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise DispatchRefused("dispatch_reason_missing")
    return reason.strip()[:300]


def check_quantity(quantity: int, *, least: int = 1) -> int:
    if not least <= quantity <= MOST:
        raise DispatchRefused("dispatch_quantity_impossible")
    return quantity


def check_part(quantity: int, *, of: int) -> int:
    """Of what a line proposes or a request asks for: something, and no more than that."""
    if check_quantity(quantity) > of:
        raise DispatchRefused("help_more_than_asked", asked=of)
    return quantity


def check_point(lon: float, lat: float) -> tuple[float, float]:
    if not is_lonlat(lon, lat):
        raise DispatchRefused("dispatch_point_impossible")
    return lon, lat
