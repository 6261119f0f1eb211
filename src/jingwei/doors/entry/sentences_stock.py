"""Sentences for what the ledger of supplies refuses."""

from django.utils.translation import gettext_noop as n_

STOCK = {
    "supply_unknown": n_("This supply is not known here. Look for it in the list, or add it."),
    "supply_known": n_("A supply with the code {code} stands in the list already. Nothing was added."),
    "supply_unnamed": n_("Give the supply a name."),
    "store_unknown": n_("This store is not known here. Look for it in the register of stores."),
    "lot_unknown": n_("This lot is not known here. Look at the stock again."),
    "promise_unknown": n_("This promise is not known here. Look for it in the list."),
    "quantity_impossible": n_(
        "This is no quantity that can be. Give a whole number of units. Nothing was changed."
    ),
    "pack_unknown": n_(
        "It is not known how many units a package of this supply has. Give the number of units."
    ),
    "expiry_unreadable": n_("The expiry date cannot be read. Write it as 2027-06-30, or leave it empty."),
    "origin_unknown": n_(
        "Say where it comes from: bought, given, allotted, brought back, or an opening balance."
    ),
    "not_enough_free": n_(
        "Only {free} are free and {wanted} were asked for. Nothing was changed. Promise fewer, or look in "
        "another store."
    ),
    "below_floor": n_(
        "Only {free} are free above the {floor} that must stay, and {wanted} were asked for. Nothing was "
        "changed. A post that may go into the floor can do so, with the reason."
    ),
    "stock_reason_missing": n_("Say why. Nothing was changed."),
    "promised_more": n_(
        "{promised} of this lot are promised: fewer cannot be written down before a promise is cancelled."
    ),
    "same_store": n_("It lies in this store already. Choose another."),
    "promise_not_open": n_("This promise is no longer open. Look at how it stands."),
    "promise_not_sent": n_("This promise is not on its way. Look at how it stands."),
    "receiver_missing": n_("Say for whom it is."),
    "ledger_key_reused": n_("Something else was asked under this key before. Nothing was changed."),
}
