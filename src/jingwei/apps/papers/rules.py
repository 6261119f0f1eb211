"""Which slips may be entered. Decides, never fetches."""

import re
from datetime import datetime, timedelta

from jingwei.kernel.refusals import Refused

from .facts import ALPHABET

#: How far back a paper may lie. Source: our estimate, a month without a machine is longer than any
#: outage we know of; an older paper is for the archive, 2026-11-22.
OLDEST = timedelta(days=31)
#: Forms by the letters their serials begin with.
FORMS = {"PH": "report", "CN": "count", "TK": "order", "AC": "activation", "SR": "sitrep", "RL": "release"}
_SERIAL = re.compile(rf"({'|'.join(FORMS)})-?([0-9]{{6}})-?([{ALPHABET}]{{5}})")


class SlipRefused(Refused):
    """A slip is not taken: `slip_…`."""


def normal_serial(text: str) -> str:
    """The serial as it is printed: letters O, I, L read as figures, hyphens put right. Refused if none."""
    plain = re.sub(r"\s", "", text).upper().replace("—", "-").replace("－", "-")
    head, tail = plain[:2], plain[2:].translate(str.maketrans("OIL", "011"))
    found = _SERIAL.fullmatch(head + tail)
    if found is None:
        raise SlipRefused("slip_serial_unreadable", given=text.strip()[:40])
    return "-".join(found.groups())


def form_of(serial: str) -> str:
    return FORMS[serial[:2]]


def check_form(serial: str, tag: str) -> None:
    """A sheet of people counted is told as a report is."""
    form = form_of(serial)
    if form != tag and not (form == "count" and tag == "report"):
        raise SlipRefused("slip_other_form", serial=serial)


def check_time(taken_at: datetime, *, now: datetime) -> None:
    if taken_at > now:
        raise SlipRefused("slip_in_future")
    if taken_at < now - OLDEST:
        raise SlipRefused("slip_too_old", days=OLDEST.days)


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise SlipRefused("slip_reason_missing")
    return reason.strip()[:300]


def check_office(*, own: str, decider: str) -> None:
    """A clerk enters the papers of the own office: another office has clerks of its own."""
    if own != decider:
        raise SlipRefused("slip_other_office")
