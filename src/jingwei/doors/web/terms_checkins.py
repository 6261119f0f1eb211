"""The field's words for codes of check-ins. Texts are English here, translated by gettext."""

from django.utils.translation import gettext_noop as n_

CHECKIN_TERMS: dict[str, dict[str, str]] = {
    "check_in_channel": {
        "tap": n_("tapped on the page"),
        "radio": n_("by radio"),
        "phone": n_("by telephone"),
        "satellite": n_("by satellite telephone"),
        "seen": n_("seen or spoken to"),
    },
    "check_in_state": {
        "open": n_("inside now"),
        "missed": n_("not heard in time"),
        "differs": n_("out, the count differs"),
        "ended": n_("said to be out"),
        "": n_("all"),
    },
    "check_in_fact": {
        "checkins.started": n_("Went in"),
        "checkins.checked_in": n_("Checked in"),
        "checkins.missed": n_("Check-in missed"),
        "checkins.changed": n_("Interval, heads or end changed"),
        "checkins.ended": n_("Said to be out"),
        "checkins.reopened": n_("End taken back"),
        "checkins.revealed": n_("Names looked at"),
    },
}
