"""Sentences for what is refused of purchases."""

from django.utils.translation import gettext_noop as n_

PURCHASES = {
    "purchase_unknown": n_("This purchase is not known here. Look for it in the list of purchases."),
    "purchase_quantity_impossible": n_(
        "This is no quantity that can be ordered or come. Give a whole number of units. Nothing was changed."
    ),
    "purchase_price_impossible": n_(
        "This is no price that can be. Give yuan with at most two places, or leave it empty when it is not "
        "agreed. Nothing was changed."
    ),
    "purchase_for_nothing": n_(
        "Say what it is for: a need that stands and names a supply, or a store and a supply. Nothing was "
        "ordered."
    ),
    "purchase_expected_missing": n_("Say when it is expected: a time that is still to come."),
    "purchase_changed_meanwhile": n_(
        "Somebody changed this purchase meanwhile. Look at it again; nothing was changed."
    ),
    "purchase_over": n_("This purchase is over: it was delivered or cancelled. Nothing was changed."),
    "purchase_reason_missing": n_("Say why. Nothing was changed."),
    "purchase_key_reused": n_("Something else was ordered under this key before. Nothing was changed."),
    "producer_unknown": n_("This producer is not known here. Look for it in the register of producers."),
}
