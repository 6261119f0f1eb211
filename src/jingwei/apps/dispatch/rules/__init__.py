"""What an order may become, what a proposal is made from, and how it is told. Pure."""

from .orders import (
    DispatchRefused,
    Step,
    check_part,
    check_point,
    check_quantity,
    check_reason,
    check_version,
    step_to,
)
from .picture import LeftOut, Picture, Settled, Stock, StoreAt, Want
from .planning import Planned, PlannedLine, plan

__all__ = [
    "DispatchRefused",
    "LeftOut",
    "Picture",
    "Planned",
    "PlannedLine",
    "Settled",
    "Step",
    "Stock",
    "StoreAt",
    "Want",
    "check_part",
    "check_point",
    "check_quantity",
    "check_reason",
    "check_version",
    "plan",
    "step_to",
]
