"""Sentences for what is refused of the watch over people in danger."""

from django.utils.translation import gettext_noop as n_

CHECKINS = {
    "watch_unknown": n_("This party is not watched here. Look for it in the list of check-ins."),
    "watch_over": n_("This party was said to be out. If people are still inside, take that back first."),
    "watch_not_over": n_("This party is watched. There is no end to take back."),
    "watch_changed_meanwhile": n_(
        "Somebody decided something about this party meanwhile. Look at it again; nothing was changed."
    ),
    "watch_party_missing": n_("Say which party goes in: its name as it is called on the radio."),
    "watch_heads_impossible": n_("This is no number of heads for one party: 1 to {most}."),
    "watch_interval_impossible": n_("A party reports every {least} to {most} minutes."),
    "watch_until_past": n_("The time when they are to be out is past. Give a later one, or none."),
    "watch_place_unknown": n_("This place is not known. Choose it from those suggested."),
    "watch_post_unknown": n_("This post is not known. Choose from the list who is told."),
    "watch_incident_unknown": n_("This incident is not known here. Choose from the list."),
    "watch_task_unknown": n_("This order is not known here. Start from the order's page."),
    "watch_key_reused": n_("Something else was started under this key before. Nothing was changed."),
    "watch_channel_unknown": n_("Say over what they were heard: choose from the list."),
    "watch_reason_missing": n_("Say why. The reason stands in the record."),
    "watch_difference_missing": n_(
        "{went} went in, {out} are out. Say what is known of the difference; it stays to be seen."
    ),
    "watch_unchanged": n_("Nothing differs from what holds already."),
}
