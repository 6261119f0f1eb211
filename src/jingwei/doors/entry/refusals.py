"""The sentence for every refusal: what happened, and what to do. Translated by gettext.

A test finds codes without a sentence, and gaps that the code does not fill.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from jingwei.kernel.refusals import Refused

from .sentences import AGENCIES, NODE
from .sentences_account import ACCOUNT
from .sentences_advice import ADVICE
from .sentences_checkins import CHECKINS
from .sentences_dispatch import DISPATCH
from .sentences_keeping import BACKUP, PAPER, RESTORE
from .sentences_needs import NEEDS
from .sentences_purchases import PURCHASES
from .sentences_registers import CELLS, REGISTERS
from .sentences_response import PEOPLE, PLANS, RELEASES, SITREPS, TASKS
from .sentences_rules import RULES
from .sentences_settlements import SETTLEMENTS
from .sentences_shelters import HOSPITALS, SHELTERS
from .sentences_stock import STOCK

SENTENCES: dict[str, str] = {
    **AGENCIES,
    **NODE,
    **ACCOUNT,
    **BACKUP,
    **PAPER,
    **RESTORE,
    **PEOPLE,
    **PLANS,
    **RELEASES,
    **SITREPS,
    **TASKS,
    **REGISTERS,
    **CELLS,
    **STOCK,
    **NEEDS,
    **PURCHASES,
    **SETTLEMENTS,
    **ADVICE,
    **DISPATCH,
    **SHELTERS,
    **HOSPITALS,
    **CHECKINS,
    **RULES,
    # who
    "not_allowed": n_("Your post may not do this here. Ask the post that may, or the higher post."),
    "machine_may_not_decide": n_("This is decided by a person. A program may only propose it."),
    "sign_in_failed": n_("User name or password is not right. Check both and try again."),
    "no_post": n_("This person holds no post now. The operator assigns one."),
    # reports
    "report_unknown": n_("This report is not known here. Look for it in the list."),
    "file_unknown": n_("This file is not known here, or somebody else handed it in."),
    "file_begun": n_("This file is being taken in already. Look at how far it is."),
    "file_columns_missing": n_("Say of at least one column what it is. Nothing was taken in."),
    "report_not_quarantined": n_("This report can be read already; it needs no transcript."),
    # incidents
    "incident_unknown": n_("This incident is not known here. Look for it in the list."),
    "incident_closed": n_("This incident is closed. Reopen it first."),
    "incident_open": n_("This incident is open already."),
    "changed_meanwhile": n_(
        "Somebody changed this while you were reading. See what changed, then decide "
        "again; what you entered is kept."
    ),
    "grade_reason_missing": n_("A grade other than the proposed one needs its reason. Write one sentence."),
    "grade_impossible": n_("There is no such grade. Choose I to IV."),
    "report_elsewhere": n_("This report stands in another incident. Separate it there first."),
    "report_not_in_incident": n_("This report does not stand in this incident any more."),
    "clause_missing": n_("The clause is missing. Name the rule under which this is erased."),
    "reason_missing": n_("The reason is missing. Write one sentence."),
    "title_missing": n_("The name is missing. Write it in Chinese or in English."),
    "kind_missing": n_("The kind of event is missing. Choose one."),
    "place_missing": n_("The place is missing. Choose one."),
    "incident_merged": n_("This incident was merged into another. Go on there, or undo the merging first."),
    "merge_source_missing": n_("Choose at least one other incident to merge."),
    "split_reports_missing": n_("Choose the reports that speak of another event."),
    "split_takes_all": n_("At least one report stays. To change what the incident is called, rename it."),
    "change_unknown": n_("This change is not known here. Look for it in the incident's history."),
    "already_undone": n_("This was undone already. See the incident's history."),
    "undo_overtaken": n_("Something newer stands on it. Undo that first; nothing was changed."),
}  # fmt: skip


class _Gaps(dict):  # type: ignore[type-arg]
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(refused: Refused) -> str:
    """The refusal in the page's language."""
    return say(refused.code, refused.facts)


def say(code: str, facts: Mapping[str, object] | None = None) -> str:
    text = SENTENCES.get(code)
    if text is None:
        return _("Refused: {code}.").format(code=code)
    return _(text).format_map(_Gaps(facts or {}))
