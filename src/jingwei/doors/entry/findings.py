"""The report of a check in words: for the command and for the operator's page."""

from django.utils import timezone
from django.utils.translation import gettext as _

from jingwei.apps.seals.queries import Finding, Verified

from .sentences_seals import FINDINGS


def describe(found: Verified) -> list[str]:
    """What was checked, what is not covered yet, and whether anything is wrong."""
    lines = [
        _("Record of {node}: {entries} entries, {rows} rows, {receipts} receipts, {photos} photos.").format(
            node=found.node,
            entries=found.entries,
            rows=found.rows,
            receipts=found.receipts,
            photos=found.photos,
        )
    ]
    if found.sealed_at is None:
        lines.append(_("Nothing was ever sealed here."))
    else:
        at = found.sealed_at.astimezone(timezone.get_current_timezone()).isoformat(
            sep=" ", timespec="seconds"
        )
        lines.append(
            _("Sealed up to {size} leaves of {origin}, last on {at}; {seals} seals.").format(
                size=found.size, origin=found.origin, at=at, seals=found.seals
            )
        )
    if found.unsealed:
        lines.append(_("{n} entries wait for their seal; nothing is said of them.").format(n=found.unsealed))
    if found.erased:
        lines.append(_("{n} rows were erased, as the record says.").format(n=found.erased))
    if not found.own_key:
        lines.append(_("The node's key is not here; the public key in the record was used."))
    if not found.against:
        lines.append(_("No checkpoint from elsewhere was given: a fork would not be seen."))
    count = sum(found.counts.values())
    lines.append(
        _("Nothing is wrong. ({seconds} s)").format(seconds=f"{found.took_s:.1f}")
        if found.is_green
        else _("{n} findings; the first: {first}").format(n=count, first=say_finding(found.findings[0]))
    )
    return lines


def say_finding(one: Finding) -> str:
    """One finding in the reader's language."""
    gaps = {"entry": one.entry or "?", "seal": one.seal or "?", "of": one.of, "more": one.more}
    return _(FINDINGS[one.what]).format(**gaps).strip()
