"""Sentences for what is refused of needs."""

from django.utils.translation import gettext_noop as n_

NEEDS = {
    "need_unknown": n_("This need is not known here. Look for it in the list of needs."),
    "need_item_missing": n_("Say what is needed: choose a supply, or write it in words."),
    "need_class_unknown": n_("This class of needs is not in the table. Choose one of the list."),
    "need_quantity_impossible": n_(
        "This is no quantity that can be. Give a whole number, or leave it empty when it was not said."
    ),
    "need_pack_unknown": n_(
        "It is not known how many units a package of this has. Give the number of units."
    ),
    "need_people_impossible": n_("This is no number of people that can be."),
    "need_group_unknown": n_("This group of people is not known here. Choose from the list."),
    "need_place_missing": n_("Say where it is needed: a division or a site that is known here."),
    "need_changed_meanwhile": n_(
        "Somebody changed this need meanwhile. Look at it again; nothing was changed."
    ),
    "need_over": n_("This need is over: it was met or withdrawn. Restore it first."),
    "need_not_over": n_("This need stands. There is nothing to restore."),
    "need_reason_missing": n_("Say why. Nothing was changed."),
    "need_key_reused": n_("Something else was asked under this key before. Nothing was changed."),
    "need_joined": n_("This need was joined to another. Go on there, or take them apart first."),
    "need_not_joined": n_("This need is not joined to another."),
    "need_same": n_("This is the same need. Choose another."),
    "need_items_differ": n_("These needs are not for the same class of things. They were not joined."),
    "need_has_joined": n_(
        "Other needs were joined to this one. Take them apart first: they may still be needs."
    ),
    "need_without_supply": n_(
        "This need is not for a supply of the list, or for another one. Change the need to a supply first."
    ),
    "need_served_meanwhile": n_(
        "Others promised for this need meanwhile: {open} are still open. Compute the plan anew."
    ),
    "advice_unknown": n_("This advice is not known here. Look for it in the list."),
    "advice_over": n_("This advice was ended already."),
    "advice_until_missing": n_("Say until when it holds: a time that is still to come."),
}
