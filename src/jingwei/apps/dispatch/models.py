"""Proposals with their lines, what people decided, orders and where they are."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jingwei.apps.journal.models import Recorded

from .facts import HELP_STATES, LINE_STATES, ORDER_STATES, PAIR_KINDS, PROPOSAL_STATES


class Board(models.Model):
    """How many proposals a place has numbered; its row is locked while a number is given."""

    place = models.CharField(max_length=16, unique=True)
    last = models.PositiveIntegerField(default=0)


class Proposal(Recorded):
    """Who should send what to whom in a place, as computed once. Its lines are never changed, only decided.

    `bound`, `gap` None: nothing is proven. `unmet`: [need, quantity, why]. `travel`: roads, straight,
    mixed; `detour`, `speed_km_h`: how it was estimated without roads. `same`, `added`,
    `dropped`: against the proposal before.
    """

    place = models.CharField(max_length=16, blank=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default="asked")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    solver = models.CharField(max_length=40, blank=True)
    seconds = models.FloatField(null=True)
    fallback = models.BooleanField(default=False)
    given_up = models.CharField(max_length=12, blank=True)
    cost = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    gap = models.FloatField(null=True)
    lines_made = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    unmet = models.JSONField(default=list)
    travel = models.CharField(max_length=10, blank=True)
    detour = models.FloatField(null=True)
    speed_km_h = models.FloatField(null=True)
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    same = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
    inputs_digest = models.CharField(max_length=64, blank=True)
    lines_digest = models.CharField(max_length=64, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "place", "number", "state", "asked_by", "asked_at", "made_at", "solver", "seconds",
            "fallback", "given_up", "cost", "bound", "gap", "lines_made", "wanted", "met", "unmet", "travel",
            "detour", "speed_km_h", "before_id", "same", "added", "dropped", "inputs_digest", "lines_digest",
            "trouble",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "number"], name="dispatch_number"),
            models.UniqueConstraint(fields=["place"], condition=Q(state="asked"), name="dispatch_asked_once"),
            models.UniqueConstraint(fields=["place"], condition=Q(state="ready"), name="dispatch_ready_once"),
            models.CheckConstraint(condition=Q(state__in=PROPOSAL_STATES), name="dispatch_state"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"], name="dispatch_waiting")]


class Line(models.Model):
    """One need out of one store: how much, when it leaves and comes, what it costs, and why.

    Its digest is the proposal's; `state` follows the decisions and the order. `late_s`: after the deadline,
    0 in time. `same`: the proposal before had it too. `fixed`: a person wanted this source.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    supply = models.ForeignKey("stock.Supply", models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()
    priority = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=16)
    tier = models.CharField(max_length=10)
    due_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    late_s = models.PositiveIntegerField(default=0)
    cost = models.FloatField()
    reason = models.JSONField()
    same = models.BooleanField(default=False)
    fixed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="proposed")
    decision = models.ForeignKey("Decision", models.PROTECT, null=True, related_name="+")
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "number"], name="dispatch_line_number"),
            models.UniqueConstraint(fields=["proposal", "need", "store"], name="dispatch_line_once"),
            models.CheckConstraint(condition=Q(state__in=LINE_STATES), name="dispatch_line_state"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="dispatch_line_of_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposal", "priority", "number"], name="dispatch_line_first"),
            models.Index(fields=["id"], condition=Q(state="taken"), name="dispatch_line_waiting"),
        ]


class Decision(Recorded):
    """What a person decided about lines of a proposal, by their numbers, and why."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=8)
    lines = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "proposal_id", "what", "lines", "reason", "by", "at")}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what__in=["accept", "change", "refuse"]), name="dispatch_what_decided"
            )
        ]


class Pair(Recorded):
    """A person wants this store for this need, with so much, or does not want it. Binds until lifted."""

    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4)
    quantity = models.PositiveBigIntegerField(null=True)
    reason = models.CharField(max_length=300)
    by = models.UUIDField()
    at = models.DateTimeField()
    lifted_by = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "need_id", "store_id", "kind", "quantity", "reason", "by", "at", "lifted_by", "lifted_at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need", "store"], condition=Q(lifted_at__isnull=True), name="dispatch_pair_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=PAIR_KINDS), name="dispatch_pair_kind"),
        ]


class Order(Recorded):
    """Send so much out of this store to that need. Goes to who keeps the store, from who accepted the line.

    `to_organization` '': whoever may at the store's place. `next_at`: when time alone next brings something
    about. `arrived`: what came, None until it was counted; `returned`, `used`: of that.
    """

    line = models.OneToOneField(Line, models.PROTECT, related_name="order")
    promise = models.OneToOneField("stock.Promise", models.PROTECT, related_name="+")
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    supply = models.ForeignKey("stock.Supply", models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()
    from_place = models.CharField(max_length=16, blank=True)
    place = models.CharField(max_length=16)
    to_organization = models.CharField(max_length=64, blank=True)
    from_organization = models.CharField(max_length=64)
    from_post = models.CharField(max_length=64)
    issued_by = models.UUIDField()
    issued_at = models.DateTimeField()
    answer_by_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField()
    expected_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="issued")
    state_by = models.UUIDField()
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    arrived = models.PositiveBigIntegerField(null=True)
    returned = models.PositiveBigIntegerField(default=0)
    used = models.PositiveBigIntegerField(default=0)
    escalation = models.PositiveSmallIntegerField(default=0)
    escalated_to = models.CharField(max_length=64, blank=True)
    next_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "line_id", "promise_id", "need_id", "store_id", "supply_id", "quantity", "from_place",
            "place", "to_organization", "from_organization", "from_post", "issued_by", "issued_at",
            "answer_by_at", "due_at", "leaves_at", "expected_at", "state", "state_by", "state_at", "reason",
            "answered_at", "left_at", "arrived_at", "received_at", "arrived", "returned", "used",
            "escalation", "escalated_to", "version",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ORDER_STATES), name="dispatch_order_state"),
            models.CheckConstraint(
                condition=Q(arrived__isnull=True, returned=0, used=0)
                | Q(arrived__gte=F("returned") + F("used")),
                name="dispatch_order_of_what_came",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="dispatch_order_next"),
            models.Index(fields=["state", "expected_at"], name="dispatch_order_list"),
            models.Index(fields=["place", "state"], name="dispatch_order_place"),
            models.Index(fields=["from_place", "state"], name="dispatch_order_from"),
        ]


class Position(Recorded):
    """Where a load was on its way, said by whom; the newest counts."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="positions")
    lon = models.FloatField()
    lat = models.FloatField()
    expected_at = models.DateTimeField()
    words = models.CharField(max_length=300, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "order_id", "lon", "lat", "expected_at", "words", "by", "at")}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "-at"], name="dispatch_seen_newest")]


class HelpRequest(Recorded):
    """Whether who keeps a store of others would send so much to that need, and what they answered.

    `agreement`: the one it rests on, None above the own level; `agreed`: its name as it was. `from_place`
    is the store's. `given`: of `quantity`, once it was accepted. `next_at`: when time alone next brings
    something about.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="requests")
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    store = models.ForeignKey("resources.Store", models.PROTECT, related_name="+")
    supply = models.ForeignKey("stock.Supply", models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()
    tier = models.CharField(max_length=10)
    agreement = models.ForeignKey("resources.Agreement", models.PROTECT, null=True, related_name="+")
    agreed = models.CharField(max_length=200, blank=True)
    from_place = models.CharField(max_length=16, blank=True)
    place = models.CharField(max_length=16)
    to_organization = models.CharField(max_length=64, blank=True)
    from_organization = models.CharField(max_length=64)
    from_post = models.CharField(max_length=64)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    words = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(null=True)
    answer_by_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")
    state_by = models.UUIDField()
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    given = models.PositiveBigIntegerField(null=True)
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="request")
    escalation = models.PositiveSmallIntegerField(default=0)
    escalated_to = models.CharField(max_length=64, blank=True)
    next_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    DIGESTED: ClassVar = {
        1: (
            "id", "line_id", "need_id", "store_id", "supply_id", "quantity", "tier", "agreement_id", "agreed",
            "from_place", "place", "to_organization", "from_organization", "from_post", "asked_by",
            "asked_at", "words", "due_at", "answer_by_at", "state", "state_by", "state_at", "reason", "given",
            "order_id", "escalation", "escalated_to", "version",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=HELP_STATES), name="dispatch_help_state"),
            models.CheckConstraint(
                condition=Q(state="accepted", given__gt=0, given__lte=F("quantity"), order__isnull=False)
                | (~Q(state="accepted") & Q(given__isnull=True, order__isnull=True)),
                name="dispatch_help_given",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="asked"), name="dispatch_help_asked_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="dispatch_help_next"),
            models.Index(fields=["state", "answer_by_at"], name="dispatch_help_list"),
            models.Index(fields=["from_place", "state"], name="dispatch_help_from"),
            models.Index(fields=["place", "state"], name="dispatch_help_place"),
        ]
