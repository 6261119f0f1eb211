"""Addresses of dispatch: the board, proposals with their lines, requests for help, orders."""

from django.urls import path

from jingwei.doors.web.views import (
    dispatch,
    dispatch_acts,
    dispatch_help,
    dispatch_orders,
    dispatch_reach,
    dispatch_roads,
)

urlpatterns: list = [
    path("dispatch", dispatch.board),
    path("dispatch/propose", dispatch_acts.propose),
    path("dispatch/proposals", dispatch.list_proposals),
    path("dispatch/proposals/<uuid:proposal_id>", dispatch.proposal),
    path("dispatch/proposals/<uuid:proposal_id>/accept", dispatch_acts.accept),
    path("dispatch/lines/<int:line_id>/change", dispatch_acts.change),
    path("dispatch/lines/<int:line_id>/refuse", dispatch_acts.refuse),
    path("dispatch/lines/<int:line_id>/ask", dispatch_help.ask),
    path("dispatch/help", dispatch_help.list_help),
    path("dispatch/help/<uuid:request_id>", dispatch_help.help_page),
    *(
        path(f"dispatch/help/<uuid:request_id>/{what}", dispatch_help.on_help, {"what": what})
        for what in dispatch_help.ON_HELP
    ),
    path("dispatch/pairs/<uuid:pair_id>/lift", dispatch_acts.lift),
    path("dispatch/reach", dispatch_reach.reach),
    path("dispatch/roads", dispatch_roads.roads),
    path("dispatch/roads/<uuid:closure_id>/reopen", dispatch_roads.reopen),
    path("dispatch/orders", dispatch_orders.list_orders),
    path("dispatch/orders/<uuid:order_id>", dispatch_orders.order),
    *(
        path(f"dispatch/orders/<uuid:order_id>/{what}", dispatch_orders.on_order, {"what": what})
        for what in dispatch_orders.ON_ORDER
    ),
]
