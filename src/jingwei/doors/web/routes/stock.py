"""Addresses of the stock of supplies."""

from django.urls import path

from jingwei.doors.web.views import stock, stock_acts

urlpatterns: list = [
    path("stock", stock.list_stock),
    path("stock/file.<slug:kind>", stock.export),
    path("stock/promises", stock.list_promises),
    path("stock/promises/<uuid:promise_id>", stock.promise),
    *(
        path(f"stock/promises/<uuid:promise_id>/{what}", stock_acts.on_promise, {"what": what})
        for what in stock_acts.ON_PROMISE
    ),
    path("stock/receive", stock_acts.receive),
    path("stock/supplies/new", stock_acts.add_supply),
    path("stock/lots/<uuid:lot_id>", stock.lot),
    *(
        path(f"stock/lots/<uuid:lot_id>/{what}", stock_acts.on_lot, {"what": what})
        for what in stock_acts.ON_LOT
    ),
    path("stock/<uuid:store_id>/<uuid:supply_id>", stock.held),
    path("stock/<uuid:store_id>/<uuid:supply_id>/promise", stock_acts.promise),
    path("stock/<uuid:store_id>/<uuid:supply_id>/floor", stock_acts.floor),
]
