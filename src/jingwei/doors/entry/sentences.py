"""Sentences for refusals of the register of agencies, of tables, of intake and of cases."""

from django.utils.translation import gettext_noop as n_

#: Organizations, posts, people, passwords, tokens.
AGENCIES = {
    "too_many_attempts": n_(
        "Too many failed attempts from here. Wait {minutes} minutes, or ask the operator for a new password."
    ),
    "not_at_this_desk": n_("This person holds no post in your organization. They sign in on their own."),
    "node_not_founded": n_("This node has no organization yet. Found it first."),
    "already_founded": n_("This node is founded already. Its operator adds the rest."),
    "already_held": n_("This person holds the post {post} already."),
    "already_released": n_("This post was released already."),
    "already_revoked": n_("This token was revoked already."),
    "bad_code": n_("{given} cannot be a code. Use letters, digits, dots and dashes."),
    "bad_place_code": n_("{given} is not a division code. Use 2, 4, 6, 9 or 12 digits."),
    "bad_kind_code": n_("{given} is not a code of a kind of event."),
    "bad_username": n_("A user name has 2 to 32 small letters, digits, dots or dashes."),
    "username_taken": n_("This user name is taken. Choose another."),
    "code_taken": n_("The code {given} is taken. Choose another."),
    "ends_before_it_begins": n_("The end lies before the beginning. Check both times."),
    "link_in_circle": n_("Then the organization would answer to itself. Check the line."),
    "one_password_only_for_fictional_people": n_(
        "One password for all is only for fictional people. Enroll real people one by one."
    ),
    "only_people_sign_in": n_("Only people sign in. Give the program a token."),
    "only_programs_have_tokens": n_("Only programs have tokens. People sign in."),
    "password_is_the_name": n_("The password may not be the user name. Choose another."),
    "password_not_printable": n_("The password has a character nobody can type. Choose another."),
    "password_too_long": n_("The password is too long. At most {most} characters."),
    "password_too_short": n_("The password is too short. At least {least} characters."),
    "password_too_common": n_("This password is among the first anyone would try. Choose another."),
    "unknown_holding": n_("Nobody holds this post so now. Look again."),
    "figure_unreadable": n_("{given} is no whole number of people. Write digits, or leave the field empty."),
    "no_operator": n_("Nobody holds an operator's post on this node now. Found the node, or name another."),
    "roster_unreadable": n_("The roster {name} cannot be read: {problem}. Nothing was loaded."),
    "unknown_line": n_("{given} is no line between organizations: territory, profession, party or standing."),
    "unknown_organization": n_("The organization {given} is not registered. Add it first."),
    "unknown_organization_kind": n_("{given} is no kind of organization."),
    "unknown_person": n_("This person is not registered. Enroll them first."),
    "unknown_person_kind": n_("{given} is no kind of person: human, program or machine."),
    "unknown_post": n_("The post {given} is not registered. Add it first."),
    "unknown_role": n_("{given} is no role in the table of rights."),
    "unknown_token": n_("This token is not known here."),
    "unknown_user": n_("Nobody has this user name."),
    "nothing_failed": n_("This did not fail, or works again. Look at the list once more."),
}

#: Clock, intake, cases, tables, and what every door says.
NODE = {
    "clock_is_real": n_("The node runs on real time; there is no scenario to set."),
    "clock_speed": n_("This speed is not possible. Choose one above 0, up to {fastest}."),
    "clock_backwards": n_("Scenario time moves only forward. Choose a time after {now}."),
    "body_too_large": n_(
        "Too much at once: at most {most_bytes} bytes and {most} reports. "
        "Nothing of it was kept; send it in parts."
    ),
    "body_too_slow": n_("It did not come within {seconds} seconds. Nothing of it was kept; send it again."),
    "overloaded": n_("Too many are here at once. Nothing of this was taken in; try again in some seconds."),
    "form_too_large": n_("This is larger than {most_mib} MiB. Nothing of it was kept; send less at once."),
    "form_too_slow": n_(
        "The form did not come within {seconds} seconds. Nothing of it was kept; send it again."
    ),
    "caller_unknown": n_("This caller is not known here. Check the token; nothing was kept."),
    "try_again": n_(
        "Not taken in: {what} does not answer in time. Keep the report and send it again shortly."
    ),
    "not_found": n_("This is not known here, or your post does not see it."),
    "case_unknown": n_("There is no case {name}. Known: {known}."),
    "case_unreadable": n_("{file}, row {row}, column {column}: {problem}."),
    "replay_no_feed": n_(
        "Nobody holds the post with role {role} in {organization}, through which the case is told."
    ),
    "form_unreadable": n_("The form could not be read. Check what you entered; it is kept on this page."),
    "time_unreadable": n_("This is no time we can read. Write it like 2026-01-31 08:00."),
    "words_missing": n_("The words are missing. Write what was told."),
    "kind_unknown": n_("{kind} is not a kind of event known here."),
    "place_unknown": n_("{place} is not a place known here."),
    "source_unknown": n_("{source} is not a source known here."),
    "places_table_bad": n_("The table of places cannot be read at {row}: {what}. Nothing was loaded."),
    "rules_table_bad": n_(
        "The table of rules {table} cannot be read in line {line}: {what}. Nothing was loaded."
    ),
    "rules_table_unknown": n_("There is no table {table}."),
}
