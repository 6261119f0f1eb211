"""What people and the worker do in dispatch: propose, decide, carry out, and follow each order."""

from .answering import acknowledge_order, refuse_order, withdraw_order
from .carrying import carry_out_lines
from .deciding import accept_lines, change_line, lift_pair, refuse_line
from .delivering import (
    report_arrival,
    report_position,
    report_receipt,
    report_use,
    return_rest,
    send_order,
)
from .helping import accept_help, ask_help, refuse_help, withdraw_help
from .proposing import ask_proposal, make_proposals
from .watching import watch_help, watch_orders

__all__ = [
    "accept_help",
    "accept_lines",
    "acknowledge_order",
    "ask_help",
    "ask_proposal",
    "carry_out_lines",
    "change_line",
    "lift_pair",
    "make_proposals",
    "refuse_help",
    "refuse_line",
    "refuse_order",
    "report_arrival",
    "report_position",
    "report_receipt",
    "report_use",
    "return_rest",
    "send_order",
    "watch_help",
    "watch_orders",
    "withdraw_help",
    "withdraw_order",
]
