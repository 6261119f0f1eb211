"""Sentences for what a register refuses, row by row and cell by cell."""

from django.utils.translation import gettext_noop as n_

REGISTERS = {
    "register_unknown": n_("There is no register {given} here. Look for it in the list."),
    "register_kept_elsewhere": n_(
        "Rows of this register give rights. New ones can be entered here; nothing is changed or taken back."
    ),
    "row_unknown": n_("This row is not known here. Look for it in the list."),
    "row_double": n_("{name} stands in this register already. Change that row instead of entering it twice."),
    "row_struck": n_("This row is struck through. Bring it back first, by undoing that in its history."),
    "row_incomplete": n_("Something that must be there is missing. See the fields that are marked."),
    "row_at_odds": n_("Columns of this row do not fit together. See the fields that are marked."),
    "row_in_circle": n_("{name} would stand above itself. Choose another row above."),
    "row_stands": n_("This row stands already; it is not struck through."),
    "row_wrong": n_("Nothing was saved. See what is wrong in each column."),
    "version_missing": n_("Say which version you read: If-Match with the row's version."),
    "key_taken": n_("Something else was asked under this key before. Nothing was changed."),
    "rows_missing": n_("Choose at least one row."),
    "import_unknown": n_("This import is not known here. Look for it in the list."),
    "import_empty_missing": n_("The file has headings, and no line below them. Nothing was taken in."),
    "import_elsewhere": n_("This import has gone on meanwhile. Look at how far it is."),
    "column_twice": n_("Two columns of the file cannot stand for the same column. Leave one of them out."),
    "key_column_missing": n_(
        "The columns by which a row is known again are missing: name and division. Say which they are."
    ),
    "table_empty": n_("The file is empty. Nothing was taken in."),
    "table_unreadable": n_(
        "The file cannot be read: it is cut off, damaged, or no table. Save it again as XLSX or CSV."
    ),
    "table_locked": n_("The file is locked with a password. Save it without one, then take it in."),
    "table_bomb": n_("The file unpacks to far more than a table has. It was not read."),
    "table_encoding": n_("The characters of the file cannot be read. Save it as CSV in UTF-8."),
    "table_too_wide": n_("The file has more than {most} columns. Leave out what is not needed."),
    "table_too_long": n_("The file has more than {most} lines. Take it in in parts."),
    "table_too_large": n_("The file is larger than {most_mib} MiB. Take it in in parts."),
    "calendar_unknown": n_("This address was taken back already."),
    "calendar_name_missing": n_("The name of the calendar is missing. Write whose it is."),
    "calendar_without_days": n_("This register has no days by which something must be done."),
    "file_unknown": n_("This file is not with the row any more. Look at the row again."),
    "file_stands": n_("This file stands with the row already."),
    "file_lost": n_("The file is missing or was changed on the node's disk. Tell the operator."),
    "files_too_many": n_("A row has {most} files at most. Take one off first."),
    "file_missing": n_("Choose a file."),
    "file_type_unreadable": n_("Only pictures (JPEG, PNG, WebP) and PDF files are kept."),
    "file_broken_unreadable": n_("The file cannot be read: it is damaged, or not what its name says."),
    "file_two_unreadable": n_("The file is two kinds of file at once. Save it again as one, then attach it."),
    "file_too_large_unreadable": n_("The file is larger than {most_mib} MiB. Save it smaller."),
    "file_heic_unreadable": n_("This kind of picture (HEIC) cannot be read here. Save it as JPEG."),
    "file_not_kept": n_("The node's disk takes no more files now. Nothing was attached; tell the operator."),
    "view_unknown": n_("This view is kept no longer."),
    "view_name_missing": n_("The name of the view is missing. Write a short one."),
}

#: What was wrong with a cell. `{clause}` says who set a limit.
CELLS = {
    "cell_missing": n_("must be filled in"),
    "cell_before": n_("lies before {first}"),
    "cell_needed": n_("must be filled in for this state {clause}"),
    "cell_in_circle": n_("leads back to this row, by way of {name}"),
    "cell_kept_elsewhere": n_("differs from what stands; a file changes nothing of this register"),
    "cell_unknown": n_("is no column of this register"),
    "cell_masked": n_("is masked; leave it out, or give the whole"),
    "cell_formula": n_("is a formula; write what it comes to"),
    "cell_too_long": n_("is longer than {most} characters"),
    "cell_below": n_("is less than {least} {clause}"),
    "cell_above": n_("is more than {most} {clause}"),
    "cell_no_number": n_("“{given}” is no number"),
    "cell_not_whole": n_("“{given}” is no whole number"),
    "cell_no_flag": n_("“{given}” is neither yes nor no"),
    "cell_no_choice": n_("“{given}” is none of the words this column takes"),
    "cell_no_date": n_("“{given}” is no day; write it like 2026-01-31"),
    "cell_no_phone": n_("is no telephone number"),
    "cell_no_place": n_("“{given}” is no division known here, or more than one is called so; write its code"),
    "cell_no_organization": n_("“{given}” is no organization known here; write its code"),
    "cell_double": n_("stands already in line {line} of this file"),
    "cell_not_yours": n_("lies where your post does not keep this register"),
    "cell_half_point": n_("is missing; a point needs longitude and latitude"),
}
