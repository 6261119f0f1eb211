"""Who sends what to whom: a plan with its cost, its proven bound and a reason for each line. Pure.

`propose` starts the solver as a process of its own, under limits of time and memory. Without the extra
`solvers`, or when that process dies or is late, the plan is the plain fallback and marked as such.
"""

from jingwei.engines.dispatch.model import (
    Barred,
    Future,
    Kept,
    Level,
    Line,
    Lot,
    Need,
    Price,
    Problem,
    Proposal,
    Reason,
    Settings,
    Source,
    Unmet,
)
from jingwei.engines.dispatch.process import propose

__all__ = [
    "Barred",
    "Future",
    "Kept",
    "Level",
    "Line",
    "Lot",
    "Need",
    "Price",
    "Problem",
    "Proposal",
    "Reason",
    "Settings",
    "Source",
    "Unmet",
    "propose",
]
