"""Sentences for refusals around signing in: second factor, lock-out, sessions."""

from django.utils.translation import gettext_noop as n_

ACCOUNT: dict[str, str] = {
    "account_locked": n_(
        "Too many failed attempts with this name. Wait {minutes} minutes, or ask the operator to unlock it."
    ),
    "code_wanted": n_("The code of the second factor is still to come."),
    "code_wrong": n_("This code is not right, or was used already. Wait for the next one and try again."),
    "code_too_late": n_("The code came too late. Begin again with the password."),
    "first_code_wrong": n_(
        "This code does not fit the key. Check the clock of the device, then try the next."
    ),
    "no_key_begun": n_("No key waits for a code; it may have waited too long. Begin anew."),
    "no_second_factor": n_("This person has no second factor."),
    "second_factor_unreadable": n_(
        "The second factor cannot be read: the node's secret was replaced. Ask the operator to reset it."
    ),
    "own_password_wrong": n_("Your password is not right. Try again."),
    "passwords_differ": n_("The two new passwords differ. Write the same one twice."),
    "no_session": n_("This session is over already."),
    "not_locked": n_("This account is not locked."),
}
