"""Sentences for what is refused when an area lays its own value over a rule."""

from django.utils.translation import gettext_noop as n_

RULES = {
    "overlay_unknown": n_("This local value is not known here. Look for it in the list."),
    "overlay_fixed": n_(
        "No area can lay a value over {rule}: the node does not work by this row, or it holds no number."
    ),
    "overlay_province_only": n_(
        "No city or county may set a standard of its own for a warning signal: the State Council or the "
        "departments it names set them."
    ),
    "overlay_value_missing": n_(
        "The value cannot be used. Write a number; a deadline takes whole minutes, from 1 to 44,640."
    ),
    "overlay_same_value": n_("The rule says {value} there already. Nothing would change."),
    "overlay_days_missing": n_("The last day lies before the first. Check both."),
    "overlay_reason_missing": n_("The reason is missing. Say why."),
    "overlay_basis_missing": n_("The legal basis is missing. Say which document sets this value."),
    "overlay_weaker_missing": n_(
        "This value asks less than the law. Tick that you have read so, or write a stricter one."
    ),
    "overlay_stands_already": n_(
        "The area has its own value for this rule on these days, or one that waits. Take that back first."
    ),
    "overlay_own": n_("You proposed this value, in whatever post. A second person must confirm it."),
    "overlay_not_waiting": n_("This value does not wait to be confirmed."),
    "overlay_not_in_force": n_("Only a value that holds can be ended early."),
    "overlay_ended_already": n_("An early end was set already. Take that back first."),
    "overlay_not_ended": n_("No early end was set for this value."),
    "overlay_end_missing": n_("The day is missing or cannot be read. Write it as 2026-11-29."),
    "overlay_end_outside": n_(
        "The day must lie after the first day of this value, and before the day until which it holds now."
    ),
    "overlay_not_withdrawn": n_("This value was not taken back."),
    "overlay_withdrawn_already": n_("This value was taken back already."),
    "overlay_changed_meanwhile": n_("Somebody changed this value meanwhile. Look again, then decide."),
}
