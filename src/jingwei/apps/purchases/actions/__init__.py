"""What people do with purchases."""

from .coming import cancel_purchase, confirm_purchase, receive_purchase
from .ordering import order_supplies

__all__ = ["cancel_purchase", "confirm_purchase", "order_supplies", "receive_purchase"]
