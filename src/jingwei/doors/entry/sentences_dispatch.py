"""Sentences for what is refused of dispatch."""

from django.utils.translation import gettext_noop as n_

DISPATCH = {
    "proposal_unknown": n_("This proposal is not known here. Look at the dispatch board."),
    "proposal_over": n_("A newer proposal stands. Look at it; nothing of this one was changed."),
    "proposal_not_made": n_("This proposal is not there yet, or could not be made."),
    "line_unknown": n_("This line is not known here. Look at the dispatch board."),
    "line_decided": n_("This was decided meanwhile. Look at the board again; nothing was changed."),
    "line_of_others": n_(
        "This store is kept by others, and they decide about it: ask them. Nothing was ordered."
    ),
    "help_unknown": n_("This request for help is not known here. Look at the list of requests for help."),
    "help_not_so_now": n_("This request was answered or taken back already; nothing was changed."),
    "help_of_own_store": n_("This is a store of your own area: accept the line, nobody needs to be asked."),
    "help_more_than_asked": n_("This is more than {asked}, and no more than that can be asked or given."),
    "help_asker_gone": n_(
        "Who asked does not hold the post any more, so nothing can be ordered in their name. Call them: "
        "somebody in the post must ask again."
    ),
    "help_refused": n_("Who keeps the store refused to help. Compute again; the next proposal does without."),
    "agreement_over": n_(
        "The agreement this rests on does not hold any more. Compute again; nobody was asked."
    ),
    "lines_missing": n_("Choose at least one line."),
    "dispatch_reason_missing": n_("Say why, in a few words."),
    "dispatch_quantity_impossible": n_("This is no quantity that can be. Give a whole number."),
    "pair_unknown": n_("This wish is not known here. Look at the dispatch board."),
    "pair_over": n_("This wish was lifted already."),
    "pair_same": n_("This is what the line says already. Choose another source or quantity."),
    "order_unknown": n_("This dispatch order is not known here. Look at the list of dispatch orders."),
    "order_not_so_now": n_("The order stands otherwise now, so this cannot be done. Look at it again."),
    "order_not_addressed": n_("This order is for another organization; only it can answer."),
    "order_changed_meanwhile": n_(
        "Somebody did something with this order meanwhile. Look at it again; nothing was changed."
    ),
    "dispatch_point_impossible": n_("There is no such point on Earth. Give longitude, then latitude."),
    "more_than_came": n_("Only {arrived} came: no more can go back or be used."),
    "closure_unknown": n_("This closed road is not known here. Look at the list of closed roads."),
    "closure_over": n_("These roads are open again already."),
    "closure_shape_impossible": n_(
        "A closure is a point, a line of two points or more, or an area of three or more points."
    ),
    "closure_factor_impossible": n_("Give what is left of the usual speed: 0 is closed, below 100 %."),
    "closure_reason_missing": n_("Say why the road is closed or slow, in a few words."),
    "closure_until_past": n_("This time is over. Leave it empty when it is not known until when."),
    "roads_too_large": n_("This road net is too large. Cut the extract to your province or city."),
    "roads_unreadable": n_("This is no road net that can be read."),
    "dispatch_store_unknown": n_("This store is not known here, or was struck out. Choose one of the list."),
}
