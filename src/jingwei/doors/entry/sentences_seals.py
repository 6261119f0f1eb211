"""What a check of the record says: each kind of finding, and what hinders the sealing."""

from django.utils.translation import gettext_noop as n_

#: What was found; {entry} and {seal} are numbers in this database, {of} what it concerns, {more} details.
FINDINGS: dict[str, str] = {
    "key_replaced": n_("The key was replaced: {of} {more}"),
    "forked": n_("The record is another than the one a kept checkpoint signed for: {of} ({more})"),
    "rolled_back": n_("The database is older than a kept checkpoint: {of} ({more})"),
    "truncated": n_("The end of the record was cut off: {of} {more}"),
    "seal_broken": n_("Seal {seal} was changed: {more}"),
    "dropped": n_("An entry was taken away: number {entry}, seal {seal} {more}"),
    "inserted": n_("An entry was put in without a seal: number {entry} {more}"),
    "reordered": n_("Entries changed their places: number {entry}, seal {seal} {more}"),
    "flipped": n_("An entry was changed: number {entry}, seal {seal} {more}"),
    "backdated": n_("An entry claims an earlier time than it was recorded at: number {entry}, seal {seal}"),
    "receipt_removed": n_("A receipt was taken away: number {of}, seal {seal} {more}"),
    "receipt_inserted": n_("A receipt was put in: number {of}"),
    "receipt_changed": n_("Receipts were changed: numbers {of}, seal {seal}"),
    "photo_swapped": n_("A file was replaced: {of}, taken in with entry {entry}"),
    "photo_missing": n_("A file is missing: {of}, taken in with entry {entry}"),
    "row_changed": n_("A row was changed without a fact: {of}, last spoken of in entry {entry}"),
    "row_missing": n_("A row is missing: {of}, last spoken of in entry {entry} {more}"),
    "row_unspoken": n_("A row that no fact speaks of was put in: {of}"),
}
