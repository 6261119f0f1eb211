"""How each action of registers is performed, for the questions about rights."""

import uuid

from jingwei.apps.agencies.facts import PostAssigned
from jingwei.apps.journal import queries as journal
from jingwei.apps.registers import actions
from jingwei.apps.registers.facts import Document
from jingwei.apps.registers.models import Change, Indexed
from tests.rights import Act, Stage, action_case

TEAMS = "teams"


def a_team(stage: Stage, name: str = "抢险队") -> uuid.UUID:
    values = {"name": name, "place": stage.place, "kind": "PRO-FLOOD", "phone": "13612342071"}
    return actions.add_row(TEAMS, values, by=stage.operator, moment=stage.moment)


@action_case("registers.add_row")
def add_row(stage: Stage) -> Act:
    values = {"name": "抢险队", "place": stage.place, "kind": "PRO-FLOOD"}
    return lambda by, moment: actions.add_row(TEAMS, values, by=by, moment=moment)


@action_case("registers.change_row")
def change_row(stage: Stage) -> Act:
    row = a_team(stage)
    return lambda by, moment: actions.change_row(TEAMS, row, {"members": 30}, version=1, by=by, moment=moment)


@action_case("registers.change_rows")
def change_rows(stage: Stage) -> Act:
    rows = [(a_team(stage, name), 1) for name in ("一队", "二队")]
    return lambda by, moment: actions.change_rows(TEAMS, rows, {"state": "out"}, by=by, moment=moment)


@action_case("registers.confirm_row")
def confirm_row(stage: Stage) -> Act:
    row = a_team(stage)
    return lambda by, moment: actions.confirm_row(TEAMS, row, by=by, moment=moment)


@action_case("registers.strike_row")
def strike_row(stage: Stage) -> Act:
    row = a_team(stage)
    return lambda by, moment: actions.strike_row(TEAMS, row, reason="已解散", by=by, moment=moment)


@action_case("registers.restore_row")
def restore_row(stage: Stage) -> Act:
    row = a_team(stage)
    actions.strike_row(TEAMS, row, reason="误", by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.restore_row(TEAMS, row, by=by, moment=moment)


@action_case("registers.undo_change")
def undo_change(stage: Stage) -> Act:
    change = Change.objects.get(row_id=a_team(stage)).pk
    return lambda by, moment: actions.undo_change(change, by=by, moment=moment)


@action_case("registers.comment_row")
def comment_row(stage: Stage) -> Act:
    row = a_team(stage)
    return lambda by, moment: actions.comment_row(TEAMS, row, "电话已换", by=by, moment=moment)


@action_case("registers.reveal_row")
def reveal_row(stage: Stage) -> Act:
    row = a_team(stage)
    return lambda by, moment: actions.reveal_row(TEAMS, row, reason="调度", by=by, moment=moment)


@action_case("registers.save_view", scoped=False)
def save_view(stage: Stage) -> Act:
    return lambda by, moment: actions.save_view(TEAMS, "待命", "f_state=ready", by=by, moment=moment)


@action_case("registers.forget_view", scoped=False)
def forget_view(stage: Stage) -> Act:
    from jingwei.apps.registers.models import SavedView

    # a view belongs to an organization; whoever may is one of its posts, wherever
    rows = [
        SavedView.objects.create(
            register=TEAMS, organization=code, name="待命", asked="", by=stage.operator, at=stage.moment.at
        )
        for code in ("test-all", "test-410181")
    ]

    def act(by: uuid.UUID, moment: object) -> None:
        from jingwei.apps.agencies.models import Holding

        own = Holding.objects.filter(pk=by).values_list("post__organization__code", flat=True).first()
        row = next((r for r in rows if r.organization == own), rows[0])
        actions.forget_view(row.pk, by=by, moment=moment)

    return act


@action_case("registers.share_calendar", scoped=False)
def share_calendar(stage: Stage) -> Act:
    return lambda by, moment: actions.share_calendar("hidden-dangers", "值班手机", by=by, moment=moment)


@action_case("registers.revoke_calendar", scoped=False)
def revoke_calendar(stage: Stage) -> Act:
    from jingwei.apps.registers.models import CalendarFeed

    actions.share_calendar("hidden-dangers", "值班手机", by=stage.operator, moment=stage.moment)
    feed = CalendarFeed.objects.get()

    def act(by: uuid.UUID, moment: object) -> None:
        from jingwei.apps.agencies.models import Holding

        own = Holding.objects.filter(pk=by).values_list("post__organization__code", flat=True).first()
        CalendarFeed.objects.filter(pk=feed.pk).update(organization=own or "none")
        actions.revoke_calendar(feed.pk, by=by, moment=moment)

    return act


PDF = Document(name="合同.pdf", mime="application/pdf", content=b"%PDF-1.4 %%EOF")


def a_file(stage: Stage) -> tuple[uuid.UUID, uuid.UUID]:
    row = a_team(stage)
    return row, actions.attach_file(TEAMS, row, PDF, by=stage.operator, moment=stage.moment)


@action_case("registers.attach_file")
def attach_file(stage: Stage) -> Act:
    row = a_team(stage)
    return lambda by, moment: actions.attach_file(TEAMS, row, PDF, by=by, moment=moment)


@action_case("registers.take_file_off")
def take_file_off(stage: Stage) -> Act:
    row, file = a_file(stage)
    return lambda by, moment: actions.take_file_off(TEAMS, row, file, by=by, moment=moment)


@action_case("registers.put_file_back")
def put_file_back(stage: Stage) -> Act:
    row, file = a_file(stage)
    actions.take_file_off(TEAMS, row, file, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.put_file_back(TEAMS, row, file, by=by, moment=moment)


@action_case("registers.open_file")
def open_file(stage: Stage) -> Act:
    row, file = a_file(stage)
    return lambda by, moment: actions.open_file(TEAMS, row, file, by=by, moment=moment)


LINES = [(2, ("一队", "410182", "PRO-FLOOD")), (3, ("二队", "410182", "PRO-FLOOD"))]
MATCHED = {"0": "name", "1": "place", "2": "kind"}


def an_import(stage: Stage, by: uuid.UUID | None = None) -> uuid.UUID:
    by, headings = by or stage.operator, ("名称", "行政区划", "队伍类别")
    return actions.begin_import(TEAMS, "队伍.csv", headings, LINES, by=by, moment=stage.moment)


@action_case("registers.begin_import", scoped=False)
def begin_import(stage: Stage) -> Act:
    return lambda by, moment: actions.begin_import(
        TEAMS, "队伍.csv", ("名称", "行政区划"), LINES, by=by, moment=moment
    )


def own_import(stage: Stage, by: uuid.UUID, state: str) -> uuid.UUID:
    """An import begun by somebody of the organization of whoever acts."""
    from jingwei.apps.registers.models import Import

    found = an_import(stage)
    Import.objects.filter(pk=found).update(by=by, state=state, matched=MATCHED)
    return found


@action_case("registers.order_import", scoped=False)
def order_import(stage: Stage) -> Act:
    return lambda by, moment: actions.order_import(
        own_import(stage, by, "waiting"), MATCHED, by=by, moment=moment
    )


@action_case("registers.undo_import", scoped=False)
def undo_import(stage: Stage) -> Act:
    return lambda by, moment: actions.undo_import(own_import(stage, by, "done"), by=by, moment=moment)


@action_case("registers.carry_on_imports", scoped=False)
def carry_on_imports(stage: Stage) -> Act:
    found = an_import(stage)
    actions.order_import(found, MATCHED, by=stage.operator, moment=stage.moment)
    return lambda by, moment: actions.carry_on_imports(by=by, moment=moment)


@action_case("registers.index_kept", scoped=False)
def index_kept(stage: Stage) -> Act:
    said = journal.list_entries(kinds=[PostAssigned], newest=5)
    return lambda by, moment: actions.index_kept(said, by=by, moment=moment)


@action_case("registers.go_on_indexing", scoped=False)
def go_on_indexing(stage: Stage) -> Act:
    Indexed.objects.update_or_create(register="posts", defaults={"scheme": "", "done": False})
    return lambda by, moment: actions.go_on_indexing(by=by, moment=moment)
