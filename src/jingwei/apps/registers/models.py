"""What every row of a register carries, and the kit's own tables: changes, words beside rows, views."""

from typing import ClassVar

from django.db import models

from jingwei.apps.journal.models import Recorded

_ROW = (
    "id", "home", "name", "place", "owner", "key", "version", "created_by", "created_at", "changed_by",
    "changed_at", "confirmed_at", "removed_at", "removed_by",
)  # fmt: skip


class RegisterRow(Recorded):
    """A row of a register. Struck through, never deleted; changed only by the kit's actions.

    `key` is what makes it the same row when it comes again; `found_by` is what search looks through.
    """

    home = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=12, blank=True)
    owner = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=500)
    found_by = models.CharField(max_length=1000)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)

    KEPT: ClassVar[tuple[str, ...]] = _ROW

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(removed_at__isnull=True),
                name="%(app_label)s_%(class)s_key",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place", "name", "id"],
                condition=models.Q(removed_at__isnull=True),
                name="%(app_label)s_%(class)s_list",
            ),
            models.Index(
                fields=["confirmed_at", "id"],
                condition=models.Q(removed_at__isnull=True),
                name="%(app_label)s_%(class)s_old",
            ),
            models.Index(
                fields=["removed_at", "id"],
                condition=models.Q(removed_at__isnull=False),
                name="%(app_label)s_%(class)s_gone",
            ),
        ]


class PlacedRow(RegisterRow):
    """A row with a point of its own, WGS 84."""

    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    KEPT: ClassVar[tuple[str, ...]] = (*_ROW, "lon", "lat")

    class Meta(RegisterRow.Meta):
        abstract = True
        indexes: ClassVar = [
            *RegisterRow.Meta.indexes,
            # all that a map counts and asks by, so that it reads the index alone
            models.Index(
                fields=["lat", "lon", "place", "removed_at", "id"],
                condition=models.Q(removed_at__isnull=True),
                name="%(app_label)s_%(class)s_map",
            ),
        ]


class Found(models.Model):
    """What a standing row is found by, beside it: its pieces lie in an index of each database's own kind.

    A row whose words, place or filtered columns change gets a new one: numbers are never used twice.
    `listed`: the row is another app's, whose list is read along here.
    """

    id = models.BigAutoField(primary_key=True)
    register = models.CharField(max_length=40)
    row_id = models.UUIDField(unique=True)
    place = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=200)
    text = models.CharField(max_length=1000)
    listed = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["register", "place", "name", "row_id"],
                condition=models.Q(listed=True),
                name="found_listed",
            )
        ]


class Indexed(models.Model):
    """How far the rows of a register are found by their pieces: all of them once it is done.

    `scheme`: of which columns the pieces are made; with another one they are made anew. `reached`: the last
    row that was looked at.
    """

    register = models.CharField(max_length=40, unique=True)
    scheme = models.CharField(max_length=16)
    done = models.BooleanField(default=False)
    reached = models.UUIDField(null=True)


class Change(Recorded):
    """One change of one row: what its columns held before and after. `undoes`: the change it takes back."""

    register = models.CharField(max_length=40)
    row_id = models.UUIDField()
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=12)
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    batch = models.UUIDField(null=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {
        1: (
            "id", "register", "row_id", "number", "what", "before", "after", "undoes_id", "batch", "by",
            "at",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row_id", "number"], name="change_in_order"),
            models.CheckConstraint(
                condition=models.Q(what__in=["added", "changed", "confirmed", "struck", "undone"]),
                name="change_what",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["batch", "id"], condition=models.Q(batch__isnull=False), name="change_batch"
            ),
            models.Index(fields=["register", "at"], name="change_since"),
        ]


class AskedOnce(models.Model):
    """A program's own key for a row it entered: asked again, it gets that row. `digest`: of what it sent."""

    by = models.UUIDField()
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    register = models.CharField(max_length=40)
    row_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "key"], name="asked_once")]


class Comment(Recorded):
    """A word left beside a row. It stays."""

    register = models.CharField(max_length=40)
    row_id = models.UUIDField(db_index=True)
    words = models.CharField(max_length=2000)
    by = models.UUIDField()
    at = models.DateTimeField()

    DIGESTED: ClassVar = {1: ("id", "register", "row_id", "words", "by", "at")}


class RowFile(Recorded):
    """A file kept with a row: a picture or a PDF. Taken off, it stays in the home and can be put back.

    The file lies in the home, under this row's id; `content_digest` is SHA-256 of it.
    """

    register = models.CharField(max_length=40)
    row_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=32)
    bytes = models.PositiveIntegerField()
    content_digest = models.CharField(max_length=64)
    by = models.UUIDField()
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)

    DIGESTED: ClassVar = {
        1: (
            "id", "register", "row_id", "name", "mime", "bytes", "content_digest", "by", "at", "removed_at",
            "removed_by",
        )
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["row_id", "content_digest"],
                condition=models.Q(removed_at__isnull=True),
                name="row_file_once",
            )
        ]


class SavedView(Recorded):
    """What is sought in a register, kept under a name for the posts of one organization."""

    register = models.CharField(max_length=40)
    organization = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=1000)
    by = models.UUIDField()
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = {1: ("id", "register", "organization", "name", "asked", "by", "at", "removed_at")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register", "organization", "name"],
                condition=models.Q(removed_at__isnull=True),
                name="view_name_once",
            )
        ]


class CalendarFeed(Recorded):
    """A secret address under which a calendar program reads the days of a register, as its maker sees them.

    Only the digest of the address is kept. Its times are real times, as those of a token.
    """

    register = models.CharField(max_length=40)
    organization = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = {1: ("id", "register", "organization", "name", "sha256", "by", "at", "revoked_at")}


class Import(Recorded):
    """A file taken in: how its columns are matched, and what became of its lines.

    `state`: 'waiting' for its columns, 'running', 'done', 'undoing', 'undone'. The rows it wrote have its
    id as their batch. `always`: what holds for every line that does not say it itself, by column.
    """

    register = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    headings = models.JSONField()
    notes = models.JSONField(default=list)
    matched = models.JSONField(default=dict)
    always = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    total = models.PositiveIntegerField()
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = {1: ("id", "register", "file_name", "headings", "total", "by", "at")}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "undoing", "undone"]),
                name="import_state",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["running", "undoing"]),
                name="import_at_work",
            )
        ]


class ImportLine(models.Model):
    """A line of a file as it came, and what became of it: added, updated, same, wrong with why; or undone.

    `change`: the change that wrote its row; or what it became, where another app keeps that.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=8, default="waiting")
    key = models.CharField(max_length=500, blank=True)
    errors = models.JSONField(default=list)
    change = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["of", "state", "id"], name="line_next"),
            models.Index(fields=["of", "key"], condition=~models.Q(key=""), name="line_key"),
        ]


class Heading(models.Model):
    """Which column a heading of a file stood for, remembered for the next file like it; '' for none."""

    register = models.CharField(max_length=40)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["register", "heading"], name="heading_once")]
