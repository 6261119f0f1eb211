"""What people do with beds, surge plans and patients on the way."""

from .beds import end_surge, plan_surge, report_beds, start_surge
from .moving import (
    accept_transfer,
    ask_transfer,
    cancel_transfer,
    receive_transfer,
    refuse_transfer,
    send_transfer,
)

__all__ = [
    "accept_transfer",
    "ask_transfer",
    "cancel_transfer",
    "end_surge",
    "plan_surge",
    "receive_transfer",
    "refuse_transfer",
    "report_beds",
    "send_transfer",
    "start_surge",
]
