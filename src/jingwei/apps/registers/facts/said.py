"""What can be said to have happened to a register's rows. Ids and names of columns, never their content."""

from typing import ClassVar

from jingwei.kernel.facts import Fact


class RowChanged(Fact, frozen=True, kw_only=True):
    """A row was added, changed, confirmed, struck through or restored; `undoes` names the change taken back.

    `batch` joins the rows of one import or one change of many.
    """

    KIND: ClassVar[str] = "registers.row_changed/1"
    SUBJECT: ClassVar[str] = "row_id"

    register: str
    row_id: str
    change_id: str
    what: str
    columns: list[str]
    undoes: str = ""
    batch: str = ""


class RowRevealed(Fact, frozen=True, kw_only=True):
    """Somebody looked at what is masked in a row, and said why."""

    KIND: ClassVar[str] = "registers.row_revealed/1"
    SUBJECT: ClassVar[str] = "row_id"

    register: str
    row_id: str
    columns: list[str]
    reason: str


class RowCommented(Fact, frozen=True, kw_only=True):
    """Somebody left a word beside a row."""

    KIND: ClassVar[str] = "registers.row_commented/1"
    SUBJECT: ClassVar[str] = "row_id"

    register: str
    row_id: str
    comment_id: str


class ViewSaved(Fact, frozen=True, kw_only=True):
    """What is sought and filtered was kept under a name for one post, or forgotten again."""

    KIND: ClassVar[str] = "registers.view_saved/1"
    SUBJECT: ClassVar[str] = "view_id"

    register: str
    view_id: str
    kept: bool


class FileAttached(Fact, frozen=True, kw_only=True):
    """A file was kept with a row."""

    KIND: ClassVar[str] = "registers.file_attached/1"
    SUBJECT: ClassVar[str] = "row_id"
    FILE: ClassVar = ("attachments", "file_id", "digest")

    register: str
    row_id: str
    file_id: str
    digest: str
    mime: str
    bytes: int


class FileTakenOff(Fact, frozen=True, kw_only=True):
    """A file was taken off its row, or put back; it stays in the home."""

    KIND: ClassVar[str] = "registers.file_taken_off/1"
    SUBJECT: ClassVar[str] = "row_id"

    register: str
    row_id: str
    file_id: str
    taken_off: bool


class FileOpened(Fact, frozen=True, kw_only=True):
    """Somebody looked into a file kept with a row."""

    KIND: ClassVar[str] = "registers.file_opened/1"
    SUBJECT: ClassVar[str] = "row_id"

    register: str
    row_id: str
    file_id: str


class CalendarShared(Fact, frozen=True, kw_only=True):
    """The days of a register were given an address that needs no signing in, or it was taken back."""

    KIND: ClassVar[str] = "registers.calendar_shared/1"
    SUBJECT: ClassVar[str] = "feed_id"

    register: str
    feed_id: str
    shared: bool


class ImportAdvanced(Fact, frozen=True, kw_only=True):
    """A file was taken in: begun, ordered, done; or its undoing was ordered, and is done.

    Lines so far: new, brought up to date, as before, not taken; `kept`: not taken back, changed since.
    """

    KIND: ClassVar[str] = "registers.import_advanced/1"
    SUBJECT: ClassVar[str] = "import_id"

    register: str
    import_id: str
    step: str
    total: int
    added: int
    updated: int
    same: int
    wrong: int
    kept: int
