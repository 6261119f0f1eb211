"""What people do with supplies."""

from .moving import count_stock, move_stock, receive_stock, write_off
from .promising import cancel_promise, confirm_arrival, promise_into_floor, promise_stock, ship_promise
from .supplies import add_supply, set_floor

__all__ = [
    "add_supply",
    "cancel_promise",
    "confirm_arrival",
    "count_stock",
    "move_stock",
    "promise_into_floor",
    "promise_stock",
    "receive_stock",
    "set_floor",
    "ship_promise",
    "write_off",
]
