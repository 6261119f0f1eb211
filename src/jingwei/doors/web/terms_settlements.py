"""The field's words for codes of settlements. Texts are English here and translated by gettext."""

from django.utils.translation import gettext_noop as n_

SETTLEMENT_TERMS: dict[str, dict[str, str]] = {
    "statement_state": {
        "draft": n_("being priced"),
        "presented": n_("waits for agreement"),
        "agreed": n_("agreed by both"),
    },
    "charge_state": {
        "open": n_("not agreed yet"),
        "disputed": n_("disputed"),
        "agreed": n_("agreed"),
    },
    "statement_fact": {
        "settlements.opened": n_("Put together"),
        "settlements.priced": n_("Charge priced"),
        "settlements.presented": n_("Presented"),
        "settlements.agreed": n_("Charges agreed"),
        "settlements.disputed": n_("Charge disputed"),
    },
}
