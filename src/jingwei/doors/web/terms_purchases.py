"""The field's words for codes of purchases and advice. Texts are English here and translated by gettext."""

from django.utils.translation import gettext_noop as n_

from .terms_checkins import CHECKIN_TERMS
from .terms_dispatch import DISPATCH_TERMS
from .terms_settlements import SETTLEMENT_TERMS
from .terms_shelters import SHELTER_TERMS

_OWN: dict[str, dict[str, str]] = {
    "purchase_state": {
        "ordered": n_("order placed"),
        "confirmed": n_("confirmed by the producer"),
        "delivered": n_("delivered to a store"),
        "cancelled": n_("order cancelled"),
    },
    "purchase_fact": {
        "purchases.ordered": n_("Ordered"),
        "purchases.confirmed": n_("Confirmed by the producer"),
        "purchases.delivered": n_("Delivered to a store"),
        "purchases.cancelled": n_("Order cancelled"),
    },
    "advice_state": {
        "asked": n_("asked, no answer yet"),
        "answered": n_("answered"),
    },
    "decision_kind": {
        "incident": n_("The incident as a whole"),
        "response": n_("Response under a plan"),
        "release": n_("Release to the public"),
    },
    "one_source": {
        "one_each": n_("One source only: one store has it, and one producer is registered for it."),
        "one_store": n_("One source only: one store has it, and no producer is registered for it."),
        "one_producer": n_("One source only: no store has any free, and one producer is registered for it."),
        "none": n_("No source: no store has any free, and no producer is registered for it."),
    },
}

#: All words that have files of their own.
MORE_TERMS = SHELTER_TERMS | CHECKIN_TERMS | DISPATCH_TERMS | SETTLEMENT_TERMS | _OWN
