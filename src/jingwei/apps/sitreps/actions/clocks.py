"""The statutory clock: what is owed is computed again as facts change, and watched as time goes by."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.hazards.facts import OverlayConfirmed, OverlayEnded, OverlayEndUndone, OverlayWithdrawn
from jingwei.apps.incidents import queries as incidents
from jingwei.apps.journal.actions import record
from jingwei.apps.journal.queries import Said
from jingwei.apps.releases import queries as releases
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import DeadlineForeseen, ObligationLapsed
from ..models import Obligation
from ..queries.owed import Book, person_to_act
from ..rules import SitrepRefused

#: Clocks taken in one transaction; the others come a second later.
AT_ONCE = 200


@transaction.atomic
def recompute(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Bring the obligations of the incidents that changed to what the rules of their day ask now."""
    authority = agencies.require(by, "sitreps.recompute", at=moment.at)
    found = incidents.list_incidents_by_id(_concerned(entries), authority=authority)
    lines = [found[one] for one in _concerned(entries) if one in found]
    said = writes.recomputed(lines, Book(), moment=moment)
    said += writes.met_in_public(found.keys(), by=by, moment=moment)
    if said:
        record(said, by=by, moment=moment)


def _concerned(entries: Sequence[Said]) -> list[uuid.UUID]:
    """The incidents these facts speak of, each once, in order; an overlay speaks of all in its area."""
    found = [one for e in entries for one in _told_of(e)]
    return [uuid.UUID(one) for one in dict.fromkeys(found)]


def _told_of(entry: Said) -> list[str]:
    fact = entry.fact
    if isinstance(fact, OverlayConfirmed | OverlayWithdrawn | OverlayEnded | OverlayEndUndone):
        return [str(one) for one in incidents.list_open_in(fact.place)]
    return [getattr(fact, "incident_id", "") or entry.subject, *getattr(fact, "incident_ids", ())]


@transaction.atomic
def meet_by_releases(entries: Sequence[Said], *, by: By, moment: Moment) -> None:
    """Hold what is owed to the public to be met by the releases that a person has just published."""
    agencies.require(by, "sitreps.meet_by_releases", at=moment.at)
    about = [releases.find_incident_of(uuid.UUID(e.subject)) for e in entries]
    said = writes.met_in_public({one for one in about if one is not None}, by=by, moment=moment)
    if said:
        record(said, by=by, moment=moment)


def watch_clocks(*, by: By, moment: Moment) -> None:
    """Say once that a limit is about to run out, and who is to act; say once that it has passed."""
    due = Obligation.objects.filter(state="open", next_at__lt=moment.at)
    if not due.exists():
        return
    with transaction.atomic():
        agencies.require(by, "sitreps.watch_clocks", at=moment.at)
        said: list[tuple[Fact, Obligation]] = []
        for row in due.select_for_update().order_by("next_at", "pk")[:AT_ONCE]:
            said += _passed(row, moment=moment)
        record(said, by=by, moment=moment)


def _passed(row: Obligation, *, moment: Moment) -> list[tuple[Fact, Obligation]]:
    """What the time that has gone by says of this obligation."""
    ids = {"incident_id": str(row.incident_id), "obligation_id": str(row.id), "rule_id": row.rule_id}
    due_at = row.due_at
    if due_at is None:
        raise ValueError("an obligation without a limit is not watched")
    if rules.state_at(moment.at, since=row.trigger_at, due_at=due_at) == "late":
        row.state, row.lapsed_at, row.next_at = "late", due_at, None
        row.save()
        return [(ObligationLapsed(**ids, due_at=due_at), row), *writes.follow_on(row, moment=moment)]
    holding = person_to_act(row, moment=moment)
    row.foreseen_at, row.foreseen_holding, row.next_at = moment.at, holding, due_at
    row.save()
    return [(DeadlineForeseen(**ids, due_at=due_at, holding=str(holding) if holding else None), row)]


@transaction.atomic
def meet_obligation(obligation_id: uuid.UUID, *, words: str, by: By, moment: Moment) -> None:
    """Record that what is owed was done in another way: by telephone, on the network, in public."""
    row = Obligation.objects.select_for_update().filter(pk=obligation_id).first()
    if row is None:
        raise SitrepRefused("obligation_unknown")
    agencies.require(by, "sitreps.meet_obligation", at=moment.at, place=row.from_place)
    if row.state not in ("open", "late"):
        raise SitrepRefused("obligation_closed")
    if not words.strip():
        raise SitrepRefused("obligation_words_missing")
    fact = writes.met(row, words=words.strip(), by=by, moment=moment)
    record([fact, *writes.follow_on(row, moment=moment)], by=by, moment=moment)
