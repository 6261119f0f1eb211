"""Tables of hazards: kinds, sources, and the rules with provenance and validity. Decides nothing."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded


class RuleTable(Recorded):
    """Which table was loaded last, from which file: the row that the fact of a load speaks of."""

    table = models.CharField(max_length=40, unique=True)
    rows = models.PositiveIntegerField()
    file_digest = models.CharField(max_length=64)
    rows_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    DIGESTED = {1: ("table", "rows", "file_digest", "rows_digest", "loaded_at")}


class Overlay(Recorded):
    """A rule's value in an area, proposed by one person and confirmed by another. Taken back, it stays."""

    table = models.CharField(max_length=40)
    rule_id = models.CharField(max_length=20)
    place = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=40)
    instead_of = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    basis = models.CharField(max_length=200)
    weaker = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="proposed")
    version = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField()
    proposed_by = models.UUIDField()
    author = models.UUIDField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    ended_instead_of = models.DateField(null=True)

    _FIRST: ClassVar = (
            "id", "table", "rule_id", "place", "value", "instead_of", "valid_from", "valid_to", "reason",
            "basis", "weaker", "state", "version", "proposed_at", "proposed_by", "author", "confirmed_at",
            "confirmed_by", "withdrawn_at", "withdrawn_by", "withdrawn_reason",
    )  # fmt: skip
    DIGESTED: ClassVar = {
        1: _FIRST,
        2: (*_FIRST, "ended_at", "ended_by", "ended_reason", "ended_instead_of"),
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "in_force", "withdrawn"]), name="overlay_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="in_force") | models.Q(confirmed_at__isnull=False),
                name="overlay_confirmed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "place"], name="overlay_standing"),
            models.Index(fields=["rule_id", "place"], name="overlay_rule"),
        ]


class Kind(models.Model):
    """A kind of event. Containment is the code's prefix."""

    code = models.CharField(max_length=5, primary_key=True)
    parent = models.CharField(max_length=5, blank=True, db_index=True)
    level = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    event_class = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    evidence = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)


class Source(models.Model):
    """A law, plan, standard or report by the id that rules and code name it with."""

    id = models.CharField(max_length=40, primary_key=True)
    title_zh = models.CharField(max_length=200)
    adopted = models.DateField(null=True)
    in_force = models.DateField(null=True)
    status = models.CharField(max_length=40, blank=True)
    repealed_on = models.DateField(null=True)
    superseded_by = models.CharField(max_length=40, blank=True)
    title_year = models.PositiveSmallIntegerField(null=True)
    evidence = models.CharField(max_length=80, blank=True)
    where = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)


class Metric(models.Model):
    """What the tables measure, in both languages."""

    metric = models.CharField(max_length=60, primary_key=True)
    unit = models.CharField(max_length=20, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)


class Term(models.Model):
    """A word of the field in both languages."""

    term = models.CharField(max_length=60, primary_key=True)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=120)
    abbr = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=40, blank=True)
    evidence = models.CharField(max_length=80, blank=True)


class GradingTable(models.Model):
    """A grading table by name; its rows are the rules that name it."""

    table = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=5, db_index=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    part = models.BooleanField(default=False)
    adds = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)


class Ruled(models.Model):
    """What every rule carries. `node` is empty for a shipped rule."""

    rule_id = models.CharField(max_length=20)
    text_zh = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=40)
    article = models.CharField(max_length=40, blank=True)
    also = models.CharField(max_length=80, blank=True)
    source_note = models.CharField(max_length=200, blank=True)
    evidence = models.CharField(max_length=80, blank=True)
    title_year = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    until_year = models.PositiveSmallIntegerField(null=True)
    validity_known = models.BooleanField(default=False)
    node = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "rule_id"], name="%(class)s_once"),
        ]


class GradingRule(Ruled):
    """One condition of one grade."""

    table = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=5)
    grade = models.PositiveSmallIntegerField()
    alt_group = models.CharField(max_length=4)
    metric = models.CharField(max_length=60)
    op = models.CharField(max_length=12)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=20, blank=True)


class ResponseTrigger(Ruled):
    """One condition of one response level of a plan."""

    plan = models.CharField(max_length=60, db_index=True)
    level = models.PositiveSmallIntegerField()
    alt_group = models.CharField(max_length=4)
    metric = models.CharField(max_length=60)
    op = models.CharField(max_length=12)
    value = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, blank=True)


class DeadlineRule(Ruled):
    """Who reports to whom, from when, within how many minutes."""

    regime = models.CharField(max_length=40, db_index=True)
    event_scope = models.CharField(max_length=40)
    grade_scope = models.CharField(max_length=80)
    from_role = models.CharField(max_length=80)
    to_role = models.CharField(max_length=80)
    trigger = models.CharField(max_length=60)
    limit_minutes = models.PositiveIntegerField()
    mode = models.CharField(max_length=30)


class DemandStandard(Ruled):
    """What people need by a published standard."""

    code = models.CharField(max_length=24)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    item_class = models.CharField(max_length=16)
    quantity = models.FloatField()
    quantity_to = models.FloatField(null=True)
    per = models.CharField(max_length=60)
    basis = models.CharField(max_length=20)
    unit_zh = models.CharField(max_length=12)
    unit_en = models.CharField(max_length=24)
    days = models.PositiveSmallIntegerField(null=True)
    measures = models.CharField(max_length=120, blank=True)


class NeedClass(Ruled):
    """How urgent a class of needs is, and after how many hours it is stale."""

    item_class = models.CharField(max_length=16)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    priority = models.PositiveSmallIntegerField()
    fresh_hours = models.PositiveSmallIntegerField()
    read_in_reports = models.BooleanField(default=False)


class DispatchValue(Ruled):
    """A number that dispatch counts with."""

    code = models.CharField(max_length=24)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    value = models.FloatField()
    unit = models.CharField(max_length=20, blank=True)


class WarningSignal(Ruled):
    """When a warning of a color is given."""

    kind = models.CharField(max_length=5, db_index=True)
    name_zh = models.CharField(max_length=40)
    color = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    lead_hours = models.FloatField(null=True)
    metric = models.CharField(max_length=60)
    op = models.CharField(max_length=12)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=20, blank=True)
    alt_metric = models.CharField(max_length=60, blank=True)
    alt_op = models.CharField(max_length=12, blank=True)
    alt_value = models.CharField(max_length=40, blank=True)
    alt_unit = models.CharField(max_length=20, blank=True)
