"""What a fused list writes, in lists: incidents, memberships, moves, questions, and facts that say why."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from jingwei.apps.journal.actions import record
from jingwei.apps.journal.models import Recorded
from jingwei.apps.reports import queries as reports
from jingwei.apps.reports.queries import Heard, ReportLine
from jingwei.engines import matching
from jingwei.engines.fusion import Link
from jingwei.kernel.facts import Fact
from jingwei.kernel.moments import By, Moment

from .. import rules, writes
from ..facts import IncidentOpened, QuestionAsked, ReportFused, ReportsMoved, ReportUnplaced
from ..models import Apart, Change, Incident, Membership, Question, Unplaced
from ..queries import hearing
from ..queries.atlas import Atlas
from ..queries.memory import FOLLOWED, Memory

Said_ = tuple[Fact, Recorded | Sequence[Recorded] | None]
#: What joining, leaving and dissolving change in an incident.
CHANGED = ("opened_at", "precision", "last_at", "place", "event_ref", "report_count", "state", "merged_into",
           "version")  # fmt: skip


class Opening(msgspec.Struct, frozen=True):
    """With what a report would open an incident."""

    heard: Heard
    kind: str
    place: str
    site: str
    kind_from: str = ""


class Placed(msgspec.Struct, frozen=True):
    """Where a report of the list goes: by the plain rule an incident, by the matcher one of its numbers."""

    incident: str = ""
    link: Link | None = None
    number: int = 0
    found: matching.Link | None = None
    opening: Opening | None = None


class Writing:
    """Rows of one list, gathered and written at the end."""

    def __init__(self, held: Memory, *, by: By, moment: Moment) -> None:
        self.held, self.by, self.moment = held, by, moment
        self.rows: dict[str, Incident] = {}
        self.new: dict[str, Incident] = {}
        self.said: list[Said_] = []
        self.members: list[Membership] = []
        self.changed: dict[str, Incident] = {}

    def open(self, opening: Opening, atlas: Atlas | None = None) -> Incident:
        row = writes.new_incident(
            opening.heard, kind=opening.kind, place=opening.place, site=opening.site,
            kind_from=opening.kind_from, atlas=atlas,
        )  # fmt: skip
        self.rows[str(row.pk)] = self.new[str(row.pk)] = row
        self.said.append((opened(row, opening.heard), row))
        return row

    def write(
        self,
        heard: Mapping[uuid.UUID, Heard],
        placed: Mapping[uuid.UUID, Placed],
        waiting: Mapping[uuid.UUID, str],
        moved: Mapping[uuid.UUID, uuid.UUID],
        questions: Sequence[matching.Question],
    ) -> None:
        told = {h.id: h for h in reports.list_heard(list(moved))} if moved else {}
        self._open_all(placed, told, moved)
        for one, where in placed.items():
            self._join(heard[one], where)
        for one, reason in waiting.items():
            self.said.append((ReportUnplaced(report_id=str(one), reason=reason), None))
        changes = self._move(told, moved) if moved else []
        asked = self._ask(questions)
        self._store(waiting, changes, moved, asked)

    # ------------------------------------------------------------------ incidents and reports
    def _open_all(
        self,
        placed: Mapping[uuid.UUID, Placed],
        told: Mapping[uuid.UUID, Heard],
        moved: Mapping[uuid.UUID, uuid.UUID],
    ) -> None:
        """A row for each of the matcher's new incidents, as the first report that may open one has it."""
        where = self.held.matcher.where
        first: dict[int, Opening] = {}
        makers = [p.opening for p in placed.values() if p.opening is not None]
        makers += [self._taken_out(told[r], self.rows[str(i)]) for r, i in moved.items()]
        for one in sorted(makers, key=lambda o: (not (o.kind and o.place), o.heard.occurred_at, o.heard.id)):
            number = where[str(one.heard.id)]
            if number not in self.held.ids:
                first.setdefault(number, one)
        if not first:
            return
        atlas = Atlas(
            kinds={o.kind for o in first.values()},
            places_={o.place for o in first.values()},
            sites={o.site for o in first.values()},
        )
        for number, one in first.items():
            row = self.open(one, atlas)
            self.held.name(number, str(row.pk))
            self.held.matcher.file(number, matching.Filed(code=row.kind, area=row.place, site=row.site))

    def _taken_out(self, heard: Heard, source: Incident) -> Opening:
        kind, place = hearing.kind_told(heard), hearing.place_told(heard)
        read = source.kind_from if not kind else ""
        return Opening(heard, kind or source.kind, place or source.place, heard.site, kind_from=read)

    def _join(self, heard: Heard, where: Placed) -> None:
        if not where.number:
            row, link = self.rows[where.incident], where.link
        else:
            number = self.held.matcher.where[str(heard.id)]
            row = self.rows[self.held.ids[number]]
            found = where.found
            if found is None or found.incident != number:
                found = self.held.matcher.explain(str(heard.id))
            link = None if found.opened else self._readable(found, str(row.pk))
        self.members.append(writes.join(row, heard, link, by=self.by, moment=self.moment))
        self.changed[str(row.pk)] = row
        self.said.append((fused(row, heard, link), row))

    def _readable(self, found: matching.Link, incident_id: str) -> Link:
        other = self.held.ids.get(self.held.matcher.current(found.other)) if found.other else None
        return rules.readable(
            found, incident_id=incident_id, next_best_id=other if other != incident_id else None
        )

    # ------------------------------------------------------------------ second looks
    def _move(
        self, told: Mapping[uuid.UUID, Heard], moved: Mapping[uuid.UUID, uuid.UUID]
    ) -> list[writes.Changing]:
        """Reports that a second look puts elsewhere, pair by pair of incidents; each can be undone."""
        pairs: dict[tuple[str, str], list[uuid.UUID]] = defaultdict(list)
        for report_id, source in moved.items():
            pairs[str(source), self.held.ids[self.held.matcher.where[str(report_id)]]].append(report_id)
        return [self._move_pair(told, *pair, sorted(ids)) for pair, ids in pairs.items()]

    def _move_pair(
        self, told: Mapping[uuid.UUID, Heard], left: str, joined: str, ids: Sequence[uuid.UUID]
    ) -> writes.Changing:
        source, target = self.rows[left], self.rows[joined]
        changing = writes.Changing("revised", target, source)
        if joined in self.new and target.report_count == 0:
            changing.touch(target, out_of=source)
        for report_id in ids:
            link = self._readable(self.held.matcher.explain(str(report_id)), joined)
            member = writes.join(target, told[report_id], link, by=self.by, moment=self.moment)
            self.members.append(member)
            changing.move(report_id, source, target)
        source.report_count -= len(ids)
        whole = source.report_count == 0
        if whole:
            source.state, source.merged_into = "merged", target
            source.version += 1
        self.changed |= {left: source, joined: target}
        fact = ReportsMoved(
            incident_id=joined,
            from_id=left,
            incident_ids=(left, joined),
            report_ids=tuple(str(r) for r in ids),
            what="merged" if whole else "split" if joined in self.new else "moved",
            score=link.score,
            why={p.name: p.value for p in link.parts},
        )
        self.said.append((fact, [source, target]))
        return changing

    # ------------------------------------------------------------------ questions
    def _ask(self, questions: Sequence[matching.Question]) -> list[Question]:
        """One row a pair; asked only where the incident is known to people and nobody answered before."""
        found: dict[tuple[str, str], Question] = {}
        for one in questions:
            number = self.held.matcher.current(one.incident)
            incident = self.held.ids.get(number)
            if incident is None or number not in self.held.matcher.profiles:
                continue
            found[one.report, incident] = Question(
                report_id=uuid.UUID(one.report),
                incident_id=uuid.UUID(incident),
                chance=one.chance,
                value=one.value,
                life=one.life,
                why=[
                    {"name": p.name, "value": p.value, "detail": p.detail}
                    for p in rules.readable_parts(one.parts)
                ],
                asked_at=self.moment.at,
            )
        known = Question.objects.filter(report_id__in=[q.report_id for q in found.values()])
        asked = set(known.values_list("report_id", "incident_id")) if found else set()
        return [q for q in found.values() if (q.report_id, q.incident_id) not in asked]

    # ------------------------------------------------------------------ the tables
    def _store(
        self,
        waiting: Mapping[uuid.UUID, str],
        changes: Sequence[writes.Changing],
        moved: Mapping[uuid.UUID, uuid.UUID],
        asked: Sequence[Question],
    ) -> None:
        Incident.objects.bulk_create(list(self.new.values()))
        old = [row for key, row in self.changed.items() if key not in self.new]
        if old:
            Incident.objects.bulk_update(old, CHANGED)
        if moved:
            gone = Membership.objects.filter(report_id__in=list(moved), left_at=None)
            gone.update(left_at=self.moment.at, left_by=self.by)
            self._keep_apart([row for row in old if row.state == "merged"])
        Membership.objects.bulk_create(self.members)
        if waiting:
            Unplaced.objects.bulk_create(
                [Unplaced(report_id=r, reason=why, since_at=self.moment.at) for r, why in waiting.items()],
                ignore_conflicts=True,
            )
        Question.objects.bulk_create(asked)
        by_pk = {str(row.pk): row for row in self.rows.values()}
        for q in asked:
            fact = QuestionAsked(
                incident_id=str(q.incident_id), report_id=str(q.report_id), chance=q.chance, value=q.value,
                life=q.life,
            )  # fmt: skip
            self.said.append((fact, by_pk.get(str(q.incident_id))))
        entries = record(self.said, by=self.by, moment=self.moment)
        told = [(fact, entry) for (fact, _), entry in zip(self.said, entries, strict=True)]
        self._keep_changes(changes, [e for f, e in told if isinstance(f, ReportsMoved)])
        self.held.wrote([e for f, e in told if isinstance(f, FOLLOWED)], [uuid.UUID(i) for i in self.changed])

    def _keep_apart(self, merged: Sequence[Incident]) -> None:
        """What a person parted from an incident stays parted from the one that has its reports now."""
        if not merged:
            return
        into = {row.pk: row.merged_into_id for row in merged if row.merged_into_id}
        pairs = Apart.objects.filter(incident__in=list(into)).values_list("report_id", "incident_id")
        Apart.objects.bulk_create(
            [Apart(report_id=r, incident_id=into[i]) for r, i in pairs], ignore_conflicts=True
        )

    def _keep_changes(self, changes: Sequence[writes.Changing], entries: Sequence[uuid.UUID]) -> None:
        rows = [
            changing.row(entry, next(iter(changing.rows.values())), by=self.by, moment=self.moment)
            for changing, entry in zip(changes, entries, strict=True)
        ]
        if not rows:
            return
        kept = Change.objects.bulk_create(rows)
        link = Change.touched.through
        link.objects.bulk_create(
            link(change_id=row.pk, incident_id=pk)
            for row, changing in zip(kept, changes, strict=True)
            for pk in changing.rows
        )


def opened(incident: Incident, line: ReportLine | Heard) -> IncidentOpened:
    return IncidentOpened(
        incident_id=str(incident.id),
        report_id=str(line.id),
        kind=incident.kind,
        place=incident.place,
        site=incident.site,
        occurred_at=incident.opened_at,
    )


def fused(incident: Incident, line: ReportLine | Heard, link: Link | None) -> ReportFused:
    return ReportFused(
        incident_id=str(incident.id),
        report_id=str(line.id),
        score=link.score if link else 1.0,
        threshold=link.threshold if link else 0.0,
        why={p.name: p.value for p in link.parts} if link else {"first": 1.0},
    )
