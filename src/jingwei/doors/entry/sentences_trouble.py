"""What is said when the node itself is in trouble: what is wrong, and what to do meanwhile."""

from django.utils.translation import gettext_noop as n_

_PAPER = n_(
    "What was kept before is safe. Write new reports on paper; enter them afterwards under their own times."
)

#: Trouble: what is wrong; what to do.
TROUBLES: dict[str, tuple[str, str]] = {
    "database_gone": (n_("The database does not answer: nothing can be shown or kept."), _PAPER),
    "database_damaged": (
        n_("The database is damaged: nothing can be relied on until the operator restores it."),
        _PAPER,
    ),
    "disk_full": (n_("The disk is full: nothing new can be kept."), _PAPER),
    "disk_read_only": (n_("The disk cannot be written: nothing new can be kept."), _PAPER),
    "disk_failing": (n_("The disk reports errors: nothing new can be kept."), _PAPER),
    "database_locked": (
        n_("Another program holds the database: nothing new can be kept until it lets go."),
        _PAPER,
    ),
    "worker_silent": (
        n_(
            "The worker does not answer and is being started again: reports are kept, but not joined or "
            "graded, and no deadline is announced."
        ),
        n_("Read new reports yourself; watch the deadlines yourself."),
    ),
    "photos_unkept": (
        n_("Photos cannot be kept: the report is, its photo is not."),
        n_("Ask for the photo again later; the operator makes room."),
    ),
    "seals_stopped": (
        n_("The record is not being sealed: what is written now is kept, but a change to it would not show."),
        n_("Go on working; the operator looks at the page Operation."),
    ),
    "clock_stepped": (
        n_("This machine's clock was moved by {seconds} s: times written just now may be wrong."),
        n_("Compare with another clock; the operator checks the time service."),
    ),
}
