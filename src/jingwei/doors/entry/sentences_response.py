"""Sentences for refusals of plans, tasks, sitreps, releases, people."""

from django.utils.translation import gettext_noop as n_

PLANS: dict[str, str] = {
    "plan_unknown": n_("This plan is not known here. Look for it in the list."),
    "plan_unreadable": n_("The plan cannot be read: {what}. Nothing was loaded."),
    "plan_not_in_force": n_("This plan is not in force on this day. Look for the version that is."),
    "plan_changed_meanwhile": n_("The plan is now in version {version}. Read it, then decide again."),
    "place_not_in_plan": n_("The plan is not made for {place}. Choose a place it names."),
    "level_impossible": n_("There is no level {level}. Levels are I to IV."),
    "level_above_post": n_("By the plan your post does not order level {level}. Ask the post that does."),
    "level_not_graver": n_("Level {current} is in force. Raising goes to a graver one."),
    "level_not_milder": n_(
        "Level {current} is in force. Lowering goes to a milder one; ending is another step."
    ),
    "already_in_force": n_("This plan is already active for this place. Raise or lower its level instead."),
    "activation_unknown": n_("This response is not known here. Look for it in the list."),
    "activation_over": n_("This response has ended. Its record stays."),
    "matter_missing": n_("The matter is missing. Say in a few words what the response is for."),
    "expected_until_missing": n_("Say until when the response is expected to last."),
    "expected_until_past": n_("The expected end lies behind. Give a time that lies ahead."),
    "measure_unknown": n_("The measure {measure} does not belong to this level of the plan."),
    "proposal_unknown": n_("This proposal is not known here."),
    "proposal_closed": n_("This proposal no longer waits: it was answered, or a graver one took its place."),
    "call_vacant": n_("Nobody holds this post now, so there is no number. Ring the next one."),
    "call_unknown": n_("This line of the call-out is not known here."),
    "call_state_impossible": n_("A call is to be made, reached somebody, or got no answer."),
    "tasks_open": n_("{count} orders are still open. Withdraw each, or keep it open, and say why."),
    "incident_missing": n_("This response belongs to no incident that could be closed with it."),
    "incident_still_responded": n_("Another response for this incident is in force. End that first."),
}
TASKS: dict[str, str] = {
    "task_unknown": n_("This order is not known here. Look for it in the list."),
    "task_not_so_now": n_("The order does not stand so that this can be done now. Look at its state again."),
    "task_not_addressed": n_("This order is for another post. Those it is for answer it."),
    "task_not_yours": n_("Only the post that issued the order, or one above it, takes it back."),
    "task_title_missing": n_("The order is missing. Write in one sentence what is to be done."),
    "receiver_missing": n_("The receiver is missing. Choose a post or an organization."),
    "receiver_unknown": n_("{given} is no post or organization known here. Choose one from the list."),
    "task_due_past": n_("The time given lies behind. Give one that lies ahead."),
    "task_due_after_order": n_(
        "The time given lies after that of the order it passes on. Give an earlier one."
    ),
    "task_children_open": n_(
        "{n} orders passed on from this one are still open. Wait until they are done, or withdraw them."
    ),
    "note_unknown": n_("This line of the log is not known here."),
    "note_struck": n_("This line is struck through already."),
}
SITREPS: dict[str, str] = {
    "sitrep_unknown": n_("This situation report is not known here. Look for it in the list."),
    "sitrep_sent": n_("This report has been sent. What is new goes into the next one."),
    "sitrep_not_sent": n_("Only a report that was sent and not yet received can be received."),
    "sitrep_figure_missing": n_(
        "{count} figures are missing. Mark each as still to be checked, or wait for a figure; then send."
    ),
    "sitrep_not_draft": n_("This draft was given up. Restore it first."),
    "sitrep_not_discarded": n_("This report was not given up."),
    "sitrep_draft_open": n_("Another draft of this report was begun since. Go on with that one."),
    "stage_impossible": n_("There is no report of the stage {stage}."),
    "obligation_unknown": n_("This clock is not known here."),
    "obligation_closed": n_("Nothing is owed here any more: it was met, or it fell away."),
    "obligation_words_missing": n_("Say how it was reported: by which way, to whom."),
}
RELEASES: dict[str, str] = {
    "release_unknown": n_("This release is not known here."),
    "release_text_missing": n_("A release needs a title and a text, in Chinese or English."),
    "release_gaps_left": n_(
        "{count} gaps are left: {gaps}. "
        "Fill each from a source, or strike the sentence out; then put it forward."
    ),
    "release_end_missing": n_("Say until when this is valid: what the public is told always has an end."),
    "release_end_past": n_("The end lies in the past. Give a later one."),
    "release_not_edited": n_(
        "Only the machine wrote this. A person must edit it first, then another one approves."
    ),
    "release_own_text": n_("You wrote some of this text, in whatever post. A second person must approve it."),
    "release_changed_meanwhile": n_(
        "Somebody changed this release meanwhile. Look at the newest text first."
    ),
    "release_reason_missing": n_("Give the reason: the public will read it."),
    "release_not_draft": n_("Only a text that was not published yet can be discarded or changed."),
    "release_not_discarded": n_("Nothing was discarded here that could be restored."),
    "release_is_public": n_("This text is published. Begin a correction; the old text stays visible."),
    "release_not_waiting": n_("This text is not waiting for approval."),
    "release_not_approved": n_("This text has not been approved by a second person."),
    "release_not_public": n_("Only a published release without a correction under way can be changed so."),
    "too_many_reports": n_(
        "Very many reports came from this network within {minutes} minutes. "
        "Wait a little and send again, or call."
    ),
}
PEOPLE: dict[str, str] = {
    "measure_not_counted": n_(
        "People are counted by deaths, missing, injured and the like. Choose one of them."
    ),
    "count_stands": n_("A count stands already for this measure and area. Revise it."),
    "count_revised_meanwhile": n_("This count was revised meanwhile. See the newest, then decide again."),
    "count_unknown": n_("This count is not known here. Look again."),
    "value_impossible": n_("This is no number of people. Write a whole number from 0."),
    "count_source_missing": n_("Who says so is missing. Write the source."),
    "lowering_needs_reason": n_("Fewer dead, missing or injured than before: write the reason."),
    "figure_not_told": n_("This report tells no such figure for this measure and area. Choose another."),
    "area_missing": n_("This area is not known. Choose one from the list."),
    "list_empty": n_("There is no line on the list. Choose a file, or paste lines with their headings."),
    "list_unreadable": n_("No column is headed with name. Give the list headings, and take it in again."),
    "person_unknown": n_("This person is not on a list here. Look again."),
    "person_struck": n_("This line was struck through already."),
    "person_not_struck": n_("This line is not struck through."),
}
