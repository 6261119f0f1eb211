"""Reads of purchases: what stock cannot give and who could, orders, and what they cost together."""

from .orders import (
    Cost,
    PurchaseLine,
    SoughtPurchases,
    count_purchases,
    find_purchase,
    list_expected,
    list_of_need,
    list_purchases,
    total_cost,
)
from .surge import Maker, Shortage, Sources, find_shortage, find_sources, list_shortages

__all__ = [
    "Cost",
    "Maker",
    "PurchaseLine",
    "Shortage",
    "SoughtPurchases",
    "Sources",
    "count_purchases",
    "find_purchase",
    "find_shortage",
    "find_sources",
    "list_expected",
    "list_of_need",
    "list_purchases",
    "list_shortages",
    "total_cost",
]
