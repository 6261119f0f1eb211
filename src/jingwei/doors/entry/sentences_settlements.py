"""Sentences for what is refused of settlements."""

from django.utils.translation import gettext_noop as n_

SETTLEMENTS = {
    "statement_unknown": n_("This statement is not known here. Look at the list of costs of help."),
    "charge_unknown": n_("This charge is not known here. Look at its statement."),
    "nothing_to_settle": n_(
        "Nothing of this counterpart is left to settle: all that was counted stands on a statement."
    ),
    "statement_money_impossible": n_(
        "This is no amount that can be. Give yuan, with two digits after the point at most."
    ),
    "statement_basis_missing": n_(
        "Say on what ground it costs that: the agreement, a price list, what it was bought for."
    ),
    "statement_costs_missing": n_("Say what the other costs were for."),
    "statement_dispute_missing": n_("Say what is wrong with it, in a few words."),
    "charge_unpriced": n_(
        "A charge has no price yet. Price all of them first, with 0 where it is given for nothing."
    ),
    "charge_not_so_now": n_(
        "This charge stands otherwise now, so this cannot be done. Look at the statement again."
    ),
    "statement_not_so_now": n_(
        "The statement stands otherwise now, so this cannot be done. Look at it again."
    ),
    "statement_own": n_("Who presented a statement cannot agree to it; another person must."),
    "statement_changed_meanwhile": n_(
        "Somebody did something with this statement meanwhile. Look at it again; nothing was changed."
    ),
}
