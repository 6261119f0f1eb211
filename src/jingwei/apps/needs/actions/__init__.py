"""What people do with needs, and what the machine proposes."""

from .advising import advise_against, end_advice
from .asking import ask_need, change_need
from .deciding import confirm_need, meet_need, restore_need, withdraw_need
from .estimating import estimate_needs
from .finding import find_needs
from .joining import join_needs, part_needs
from .serving import serve_need

__all__ = [
    "advise_against",
    "ask_need",
    "change_need",
    "confirm_need",
    "end_advice",
    "estimate_needs",
    "find_needs",
    "join_needs",
    "meet_need",
    "part_needs",
    "restore_need",
    "serve_need",
    "withdraw_need",
]
