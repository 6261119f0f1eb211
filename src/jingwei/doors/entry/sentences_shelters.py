"""Sentences for what is refused of shelters and hospitals."""

from django.utils.translation import gettext_noop as n_

SHELTERS = {
    "shelter_unknown": n_("This site is not in the register of shelters, or was struck through."),
    "shelter_open_already": n_("This shelter is open already. Go on with it in the list."),
    "shelter_stage_unknown": n_("Say for how long the shelter is opened: choose from the list."),
    "shelter_room_impossible": n_("This is no number of people a shelter can have room for."),
    "opening_unknown": n_("This shelter is not open here. Look for it in the list of shelters."),
    "opening_over": n_("This shelter is closed. Open it again first, or choose another."),
    "opening_not_over": n_("This shelter is open. There is nothing to open again."),
    "opening_changed_meanwhile": n_("Somebody changed this shelter meanwhile. Look at it again."),
    "opening_has_people": n_(
        "{heads} people are still inside. Say of each where they went, then close the shelter."
    ),
    "opening_without_incident": n_("No shelter of this incident was opened in this division."),
    "family_empty": n_("Nobody is named. Write one person to a line: name, age, sex, needs."),
    "family_too_large": n_(
        "These are too many people for one registration: at most {most}. Send them in parts."
    ),
    "family_key_reused": n_("Something else was registered under this key before. Nothing was changed."),
    "family_unreadable": n_("Line {line} could not be read: {why} Nothing was registered yet."),
    "household_unknown": n_("No family with this number is known here. Check the card."),
    "guest_unknown": n_("This person is not known in the shelters of your area."),
    "guest_need_unknown": n_("This need is not in the list. Choose from the list."),
    "guest_age_impossible": n_("This is no age a person can have."),
    "guest_changed_meanwhile": n_(
        "Somebody changed this line meanwhile. Look at it again; nothing was changed."
    ),
    "guests_missing": n_("Tick at least one person."),
    "guest_not_here": n_("Not all of these people are in this shelter now. Look again; nothing was changed."),
    "guest_went_unknown": n_("Say where they went: choose from the list."),
    "guest_not_gone": n_("They did not leave from here last. There is nothing to take back."),
    "guest_struck": n_("This line was struck through. Restore it first."),
    "guest_not_struck": n_("This line counts. There is nothing to restore."),
    "guest_joined": n_("This line was joined to another. Go on there, or take them apart first."),
    "guest_not_joined": n_("This line is not joined to another."),
    "guest_same": n_("This is the same one. Choose another."),
    "guest_has_joined": n_("Other lines were joined to this one. Take them apart first."),
    "guest_reason_missing": n_("Say why. Nothing was changed."),
    "guest_clause_missing": n_("Say under which clause it is erased. Nothing was changed."),
    "consent_not_theirs": n_(
        "A child alone or a person who is not conscious cannot agree. A named person decides for them."
    ),
    "consent_their_own": n_("This person can speak for themselves. Ask them; nobody decides for them."),
    "consent_refused": n_("It was said that nobody is to be told. That stays so."),
    "guest_has_not_agreed": n_(
        "This person has not agreed to be told to others. Ask them first; nothing was told."
    ),
    "seeking_unknown": n_("This search is not known here. Look for it in the list."),
    "seeking_incomplete": n_(
        "Say who you are, a telephone to reach you, how you are related, and whom you seek."
    ),
    "seeking_over": n_("This search was answered or ended already."),
    "seeking_not_over": n_("This search is open. There is nothing to take back."),
    "too_many_seekings": n_("Too many questions from here. Wait {minutes} minutes, or ask at a shelter."),
    "shelter_standard_unknown": n_("This is no standard that is counted per head. Choose from the list."),
    "shelter_quantity_impossible": n_("This is no quantity that can be. Give a whole number."),
}
HOSPITALS = {
    "hospital_unknown": n_("This hospital is not in the register, or was struck through."),
    "bed_kind_unknown": n_("This kind of beds is not in the list. Choose from the list."),
    "beds_impossible": n_("This is no number of beds that can be: 0 to {most}."),
    "beds_unknown": n_("Nobody has said yet how many beds of this kind there are. Report them first."),
    "no_bed_free": n_("No bed of this kind is free there. Ask another hospital, or start a surge step."),
    "surge_step_unknown": n_("This step of the surge plan is not known here."),
    "surge_step_running": n_("This step is running. End it before you change it."),
    "surge_step_not_running": n_("This step is not running."),
    "surge_step_incomplete": n_("A step needs its number, how many beds, within how many hours, and how."),
    "surge_beds_taken": n_("The beds of this step are taken or held. Move the patients first."),
    "transfer_unknown": n_("This transfer is not known here. Look for it in the list."),
    "transfer_incomplete": n_("Say which patient (number of the tag, no name) and from where."),
    "transfer_step_impossible": n_("This does not follow: somebody decided otherwise meanwhile. Look again."),
    "transfer_to_itself": n_("The patient is in this hospital already."),
    "transfer_key_reused": n_("Something else was asked under this key before. Nothing was changed."),
    "hospital_reason_missing": n_("Say why. Nothing was changed."),
}
