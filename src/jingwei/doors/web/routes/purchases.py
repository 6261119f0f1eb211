"""Addresses of purchases, and of what stock cannot meet."""

from django.urls import path

from jingwei.doors.web.views import purchases, purchases_acts

urlpatterns: list = [
    path("needs/short", purchases.list_short),
    path("purchases", purchases.list_purchases),
    path("purchases/new", purchases_acts.order),
    path("purchases/<uuid:purchase_id>", purchases.purchase),
    *(
        path(f"purchases/<uuid:purchase_id>/{what}", purchases_acts.on_purchase, {"what": what})
        for what in purchases_acts.ON_PURCHASE
    ),
]
