"""What a form of five fields says, and taking it in: the public's, and an informant's.

Both may come late: written on a phone without a signal, kept there, and sent when there was one.
"""

import re
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import IntegrityError

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.clock.queries import get_clock
from jingwei.apps.places import queries as places
from jingwei.apps.reports import actions
from jingwei.apps.reports.facts import Received, Told
from jingwei.doors.web.door import Asked, uuid_of
from jingwei.kernel.ids import new_id
from jingwei.kernel.moments import Moment

MOST_WORDS = 5_000
#: Most photos of one report. Source: our estimate, what one sends over a weak signal, 2026-11-29.
MOST_PHOTOS = 4


class Entered(msgspec.Struct, frozen=True):
    """What was typed, as typed: it comes back unchanged when it cannot be taken.

    `written_at` and `sent_at` are the phone's clock, empty when the form came straight from the page.
    """

    words: str = ""
    where: str = ""
    phone: str = ""
    rescue: bool = False
    key: str = ""
    written_at: str = ""
    sent_at: str = ""

    def told(self, post: agencies.Authority, *, channel: str) -> Told:
        """The report under its own time. A phone does not know a scenario's time: there it says none."""
        place, site = _place(self.where, within=post.place)
        at = None if get_clock().scenario else time_of(self.written_at)
        return Told(
            key=self.key,
            channel=channel,
            words=self.words.strip(),
            lang="zh" if re.search(r"[\u4e00-\u9fff]", self.words) else "en",
            occurred_at=at,
            precision="approx" if at else "minute",
            sent_at=time_of(self.sent_at) if at else None,
            place=place,
            site=site,
            place_words=self.where.strip(),
            caller_phone=self.phone.strip(),
            rescue=self.rescue,
            flags=("time_of_writing",) if at else (),
        )


def entered(request: Asked) -> Entered:
    return Entered(
        words=request.POST.get("words", "")[:MOST_WORDS],
        where=request.POST.get("where", "")[:300],
        phone=request.POST.get("phone", "")[:40],
        rescue=bool(request.POST.get("rescue")),
        key=str(uuid_of(request.POST.get("key", "")) or new_id()),
        written_at=request.POST.get("written_at", "")[:40],
        sent_at=request.POST.get("sent_at", "")[:40],
    )


def time_of(text: str) -> datetime | None:
    """A phone's time with its zone; None when it cannot be read: the node's clock then stands for it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _place(words: str, *, within: str) -> tuple[str, str]:
    """The one place of the area that goes by these words; else the words stay for a person to read."""
    text = words.strip()[:100]
    found = places.search_places(text, within=within, limit=2) if text else []
    return (found[0].code, found[0].site) if len(found) == 1 else ("", "")


def public_post(moment: Moment) -> agencies.Authority | None:
    """The post the public's form acts for; None when this node has no door for the public."""
    code = settings.JINGWEI_PUBLIC_POST
    by = agencies.find_holding_of_post(code, at=moment.at) if code else None
    return agencies.find_authority(by, at=moment.at) if by else None


def receive_public(request: Asked, form: Entered, post: agencies.Authority) -> Received:
    """Taken in once, also when two taps arrive at the same instant."""
    told, address = form.told(post, channel="web"), request.META.get("REMOTE_ADDR", "")
    try:
        return actions.receive_public_report(told, address=address, by=post.holding, moment=request.moment)
    except IntegrityError:
        return actions.receive_public_report(told, address=address, by=post.holding, moment=request.moment)


def receive_informant(request: Asked, form: Entered, post: agencies.Authority) -> Received:
    """The same for a person in a post, or a post's token: it is that post that speaks."""
    told = form.told(post, channel="app")
    try:
        return actions.receive_reports([told], by=post.holding, moment=request.moment)[0]
    except IntegrityError:
        return actions.receive_reports([told], by=post.holding, moment=request.moment)[0]
