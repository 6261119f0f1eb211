"""Addresses of plans, of their proposals, and of the responses in force."""

from django.urls import path

from jingwei.doors.web.views import activation, order, plans

urlpatterns = [
    path("plans", plans.list_plans),
    path("plans/<slug:code>", plans.plan),
    path("plans/<slug:code>/activate", order.activate),
    path("proposals/<uuid:proposal_id>/decline", order.decline),
    path("activations/<uuid:activation_id>", activation.activation),
    *(
        path(f"activations/<uuid:activation_id>/{what}", activation.change, {"what": what})
        for what in activation.CHANGES
    ),
    path("activations/<uuid:activation_id>/calls/<uuid:call_id>", activation.note_call),
    path("activations/<uuid:activation_id>/calls/<uuid:call_id>/ring", activation.ring),
]
