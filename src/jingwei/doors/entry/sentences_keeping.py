"""Sentences for refusals of backup, restore and upgrade, and of what is entered from paper."""

from django.utils.translation import gettext_noop as n_

#: Backup and its file.
BACKUP = {
    "backup_exists": n_("{file} is there already. Name another file; nothing is overwritten."),
    "backup_no_folder": n_("There is no folder {folder}. Make it first."),
    "backup_no_room": n_(
        "The disk is full: {free} MB are free in {folder}, which is too little. Nothing was left there. "
        "Make room, or write to another disk."
    ),
    "backup_running": n_("Another backup is being written to the same place ({file}). Wait for it."),
    "backup_missing": n_("There is no file {file}."),
    "backup_not_ours": n_("This is not a backup of a node: {part} has no place in one."),
    "backup_other_form": n_("This backup has the form {form}; this release reads {known}. Use its release."),
    "backup_cut_short": n_("This backup is cut short: its end is missing. Take an older one."),
    "backup_damaged": n_("This backup is damaged: {part} is not as it was written. Take an older one."),
    "backup_passphrase_short": n_("The passphrase needs at least {least} characters."),
    "backup_passphrase_wrong": n_("The passphrase does not open the keys in this backup."),
}

#: Restore, and the release a node is of.
RESTORE = {
    "restore_not_empty": n_(
        "There is a node in this database already. A backup goes only into an empty one; nothing was changed."
    ),
    "restore_home_not_empty": n_("There are files in {folder} already. Move them away; nothing was changed."),
    "restore_newer": n_(
        "This backup was made by a newer release ({release}, {migration}). Install that one, then restore."
    ),
    "restore_not_into_sqlite": n_(
        "A backup of PostgreSQL goes only into PostgreSQL. Set JINGWEI_DATABASE to an empty one."
    ),
    "restore_other_node": n_("This is a backup of the node {node}; here is {here}. Set JINGWEI_NODE={node}."),
    "restore_no_keys": n_("There are no keys in this backup. Restore it without them."),
    "restore_row_refused": n_(
        "The database did not take the table {table}: {error}. Run the restore again, on an empty one."
    ),
    "restore_unfinished": n_(
        "A restore was interrupted here, so this is no whole node. Run the restore again."
    ),
    "restore_unknown": n_("This restore is not known here, or somebody acknowledged it already."),
    "node_newer": n_(
        "The data of this node is of a newer release (it knows {migration}). Install that release; "
        "nothing was changed."
    ),
    "node_older": n_(
        "The data of this node is of an older release ({count} steps behind). Run `jingwei migrate` first."
    ),
    "node_abroad": n_(
        "This node is said to stand in {country}, but holds rules of China's law. Run `jingwei load`: it "
        "takes them out."
    ),
}

#: What was done on paper.
PAPER = {
    "slip_serial_unreadable": n_(
        "{given} is no serial of a form. It stands at the top right: two letters, six figures, five signs."
    ),
    "slip_other_form": n_("The serial {serial} belongs to another form. Choose the form it was printed on."),
    "slip_in_future": n_("The time on the paper has not come yet. Check day and time."),
    "slip_too_old": n_("The time on the paper lies more than {days} days back. Check the day."),
    "slip_reason_missing": n_("Say in a few words why it was on paper."),
    "slip_other_office": n_("This was decided in another office. Its own people enter it."),
    "slip_empty": n_("There is nothing on this slip to enter."),
}
