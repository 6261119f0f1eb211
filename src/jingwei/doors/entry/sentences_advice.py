"""Sentences for what is refused when experts are asked."""

from django.utils.translation import gettext_noop as n_

ADVICE = {
    "expert_unknown": n_("This expert is not known here. Look in the register of experts."),
    "question_missing": n_("Write what the expert is asked. Nobody was asked."),
    "advice_words_missing": n_("Write what the expert said. Nothing was written down."),
    "advice_time_impossible": n_(
        "It was said after it was asked and not later than now. Give such a time, or leave it empty."
    ),
    "consultation_unknown": n_("This question is not known here. Look at the incident's advice again."),
    "consultation_answered": n_("This was answered already, and the words stay. Ask anew for more."),
    "consultation_open": n_("This is not answered yet. Write down the answer first."),
    "consultation_changed_meanwhile": n_(
        "Somebody changed this meanwhile. Look at it again; nothing was changed."
    ),
    "consultation_key_reused": n_("Something else was asked under this key before. Nobody was asked."),
    "decision_elsewhere": n_("This decision is not one of this incident. Choose one of the list."),
}
