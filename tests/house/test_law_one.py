"""Law 1: the machine proposes, a person decides. Every action is asked with the machine as actor.

The actions are found by looking, not from a list: each is one the machine runs by itself, or it refuses
the machine. One that nobody has placed fails the walk.
"""

import importlib
import inspect
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType

import msgspec
import pytest
from django.db import transaction

from jingwei.apps.agencies import actions as agencies_actions
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.actions import Waiting
from jingwei.apps.agencies.models import Holding
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.journal.models import Entry
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused
from jingwei.wiring import reactions
from tests import rights
from tests.rights import Case

from .test_actions import calls_of, row_of
from .test_rights import APPS, BELOW_RIGHTS, list_named
from .tree import parse

CASES = rights.load_cases()

#: What the machine does by itself, and why none of it decides. A row more is a decision about law 1.
MACHINE_RUNS = {
    "incidents.fuse_reports": "groups reports; a person takes any of them apart again",
    "incidents.propose_grades": "proposes a grade with its clause; it holds when a person confirms it",
    "plans.propose_activation": "proposes a response with its clause; it starts when a person orders it",
    "releases.draft_releases": "drafts; two persons stand between a draft and the public",
    "releases.draft_notices": "drafts what the plan a person activated tells the public",
    "sitreps.draft_finals": "drafts; a person sends it",
    "sitreps.meet_by_releases": "notes that what is owed to the public was published, by a person",
    "sitreps.recompute": "calculates what must be reported, by whom and until when",
    "sitreps.watch_clocks": "foresees and notes that a limit has passed",
    "checkins.escalate_missed": "notes that a party was not heard and tells a post; people act",
    "tasks.mark_overdue": "notes that a limit has passed and reminds the post above",
    "registers.carry_on_imports": "writes, line by line, what a person ordered, in that person's name",
    "registers.index_kept": "keeps what rows are found by; no row is changed",
    "registers.go_on_indexing": "keeps what rows are found by; no row is changed",
    "reports.take_in_files": "takes in, line by line, what a person ordered, in that person's name",
    "needs.find_needs": "proposes what a report's words ask for; it holds when a person confirms it",
    "needs.estimate_needs": "calculates what people counted by persons need; a person confirms it",
    "dispatch.make_proposals": "calculates what a person asked for; it holds when a person accepts it",
    "dispatch.carry_out_lines": "writes, line by line, what a person accepted, in that person's name",
    "dispatch.watch_orders": "notes that a limit has passed and reminds the posts above",
    "plans.move_calls_on": "notes that a post was not reached in time and whose turn is next",
    "dispatch.watch_help": "notes that a limit has passed and reminds the posts above",
    "places.load_divisions": "reads a table that ships with the node",
    "places.load_sites": "reads a table that ships with the node",
    "places.change_divisions": "reads a table that ships with the node",
    "hazards.load_rules": "reads a table that ships with the node",
    "plans.load_plan": "reads a plan that ships with the node",
    "seals.begin_epoch": "opens the book in which the record is sealed; changes nothing in it",
}
#: The journal lies below rights: what it gives out writes down what others decided.
BELOW = {"follow", "react", "record", "retry_failure"}


# --- finding ---------------------------------------------------------------------------------------------


def modules() -> Iterator[tuple[str, ModuleType]]:
    for folder in sorted(APPS.iterdir()):
        if (folder / "actions.py").exists() or (folder / "actions").is_dir():
            yield folder.name, importlib.import_module(f"jingwei.apps.{folder.name}.actions")


def functions(module: ModuleType) -> dict[str, Callable[..., object]]:
    """What the module gives out by name, and every public function its own files define."""
    given = set(getattr(module, "__all__", ()))
    found = {}
    for name, one in vars(module).items():
        if name.startswith("_") or not callable(one) or inspect.isclass(one):
            continue
        if name in given or inspect.unwrap(one).__module__.startswith(module.__name__):
            found[name] = inspect.unwrap(one)
    return found


def placed(app: str, name: str, function: Callable[..., object]) -> str:
    """How this action meets the machine; '' when nobody has said."""
    action = f"{app}.{name}"
    if app in BELOW_RIGHTS:
        return "below" if name in BELOW else ""
    if action in CASES:
        return "asked"
    if action in list_named(app, "Open"):
        return "open" if action in OPEN else ""
    if action in list_named(app, "Silent"):
        takes_by = "by" in inspect.signature(function).parameters
        return "passes on" if not takes_by or passes_on_only(app, name) else ""
    return ""


def passes_on_only(app: str, name: str) -> bool:
    """Whether the public actions of its app that a function calls are all run by the machine."""
    bodies = {n.name: n for path in row_of(APPS / app, "actions") for n in parse(path).body
              if hasattr(n, "name")}  # fmt: skip
    called = {c for c in calls_of(bodies[name]) if f"{app}.{c}" in CASES}
    return bool(called) and all(f"{app}.{c}" in MACHINE_RUNS for c in called)


def unplaced() -> list[str]:
    return [
        f"{app}.{name}"
        for app, module in modules()
        for name, function in functions(module).items()
        if not placed(app, name, function)
    ]


def test_the_walk_meets_every_action_there_is() -> None:
    assert unplaced() == []
    assert len([1 for _, module in modules() for _ in functions(module)]) > len(CASES)


def test_canary_an_action_nobody_has_placed_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from jingwei.apps.plans import actions as plans
    from jingwei.apps.tasks import actions as tasks

    def order_everyone_out(place: str, *, by: By, moment: Moment) -> None:
        """An action that asks nobody."""

    order_everyone_out.__module__ = "jingwei.apps.tasks.actions.new"
    monkeypatch.setattr(tasks, "order_everyone_out", order_everyone_out, raising=False)
    monkeypatch.setattr(plans, "call_all", handed_out(order_everyone_out), raising=False)
    monkeypatch.setattr(plans, "__all__", [*plans.__all__, "call_all"])
    assert unplaced() == ["plans.call_all", "tasks.order_everyone_out"]


def handed_out(function: Callable[..., object]) -> Callable[..., object]:
    """The same action under another name, made outside the app."""
    return lambda *args, **kwargs: function(*args, **kwargs)


# --- the table of rights -----------------------------------------------------------------------------------


def table() -> set[str]:
    """What the table of rights lets the machine do."""
    return set(agencies.get_rights().roles["machine"])


def test_the_machine_is_granted_what_it_runs_and_no_more() -> None:
    assert table() == set(MACHINE_RUNS)


def test_what_the_machine_runs_concerns_the_node_and_decides_nothing() -> None:
    named = agencies.get_rights().actions
    assert [a for a in MACHINE_RUNS if named[a].decides or not named[a].whole_node] == []


def test_reactions_and_ticks_run_nothing_else() -> None:
    called = [one.call for follows in reactions.REACTIONS.values() for one in follows] + reactions.TICKS
    names = {f"{inspect.unwrap(c).__module__.split('.')[2]}.{c.__name__}" for c in called}
    assert names <= set(MACHINE_RUNS)


# --- asking ------------------------------------------------------------------------------------------------


class Verdict(msgspec.Struct, frozen=True):
    """What came of asking: the refusal's code and action, or the kinds of fact that were written."""

    code: str = ""
    action: str = ""
    kinds: frozenset[str] = frozenset()


def ask(case: Case, by: By | None = None) -> Verdict:
    """Perform the action once as `by`, the node's machine unless said; what it wrote is taken back."""
    with transaction.atomic():
        try:
            stage = rights.a_stage()
            act = case.prepare(stage)
            before = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
            try:
                with transaction.atomic():
                    act(by or agencies.get_machine(), rights.moment())
                code, action = "", ""
            except Refused as refused:
                code, action = refused.code, str(refused.facts.get("action", ""))
            kinds = Entry.objects.filter(seq__gt=before).values_list("kind", flat=True)
            return Verdict(code=code, action=action, kinds=frozenset(kinds))
        finally:
            transaction.set_rollback(True)


def breaches(cases: dict[str, Case]) -> list[str]:
    """Actions that the machine carried out though they are not its own, or that were not refused plainly."""
    found = []
    for name, case in sorted(cases.items()):
        if name in MACHINE_RUNS:
            continue
        said, decides = ask(case), rights.decides(name)
        wanted = Verdict(code="machine_may_not_decide" if decides else "not_allowed", action=name)
        found += [] if said == wanted else [f"{name}: {said.code or 'carried out'} {sorted(said.kinds)}"]
    return found


def in_parts(cases: dict[str, Case]) -> list[object]:
    apps = sorted({name.partition(".")[0] for name in cases})
    return [pytest.param({n: c for n, c in cases.items() if n.startswith(f"{a}.")}, id=a) for a in apps]


@pytest.mark.django_db
@pytest.mark.parametrize("cases", in_parts(CASES))
def test_every_other_action_refuses_the_machine_and_writes_nothing(cases: dict[str, Case]) -> None:
    assert breaches(cases) == []


#: The kinds of fact the machine writes: opened, proposed, drafted, foreseen. None says that something was
#: confirmed, ordered, sent, published or ended; of dispatch what a person accepted, signed by that person.
MACHINE_SAYS = {
    "checkins.missed/1",
    "dispatch.order_issued/1",
    "dispatch.help_overdue/1",
    "plans.call_passed/1",
    "dispatch.order_overdue/1",
    "dispatch.proposal_made/1",
    "hazards.rules_loaded/1",
    "incidents.grade_proposed/1",
    "incidents.opened/1",
    "incidents.report_fused/1",
    "needs.estimate_lapsed/1",
    "needs.estimated/1",
    "needs.found/1",
    "needs.quantity_read/1",
    "needs.served/1",
    "needs.told_again/1",
    "places.divisions_changed/1",
    "places.divisions_loaded/1",
    "places.sites_loaded/1",
    "plans.activation_proposed/1",
    "plans.loaded/1",
    "registers.import_advanced/1",
    "registers.row_changed/1",
    "releases.drafted/1",
    "reports.file_ended/1",
    "reports.received/1",
    "seals.epoch_begun/1",
    "seals.rows_adopted/1",
    "sitreps.deadline_foreseen/1",
    "sitreps.drafted/1",
    "sitreps.obligation_arose/1",
    "sitreps.obligation_lapsed/1",
    "sitreps.obligation_met/1",
    "sitreps.obligation_voided/1",
    "stock.promised/1",
    "tasks.escalated/1",
    "tasks.overdue/1",
}


@pytest.mark.django_db
def test_what_the_machine_runs_it_may_and_says_nothing_else() -> None:
    own = {name: ask(CASES[name]) for name in MACHINE_RUNS}
    assert {name: said.code for name, said in own.items() if said.code} == {}
    assert set().union(*(said.kinds for said in own.values())) - MACHINE_SAYS == set()


# --- canaries of asking ------------------------------------------------------------------------------------

ONE = {"tasks.issue_tasks": CASES["tasks.issue_tasks"]}


def with_rights(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The table of rights with one row changed, and the machine granted it."""
    known, action = agencies.get_rights(), next(iter(ONE))
    row = msgspec.structs.replace(known.actions[action], **changes)
    roles = {**known.roles, "machine": known.roles["machine"] | {action}}
    found = msgspec.structs.replace(known, actions={**known.actions, action: row}, roles=roles)
    for module in (agencies, agencies.authorities):
        monkeypatch.setattr(module, "get_rights", lambda: found)


@pytest.mark.django_db
def test_canary_a_grant_alone_does_not_let_the_machine_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    assert breaches(ONE) == []
    assert table() != set(MACHINE_RUNS)


@pytest.mark.django_db
def test_canary_a_decision_called_none_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch, decides=False)
    (seen,) = breaches(ONE)
    assert seen.startswith("tasks.issue_tasks: carried out")


@pytest.mark.django_db
def test_canary_an_action_that_does_not_ask_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = agencies.list_authorities([agencies.get_machine()])
    monkeypatch.setattr(agencies, "require", lambda by, action, **_: machine[by])
    monkeypatch.setattr(agencies, "may_with", lambda *_, **__: True)
    (seen,) = breaches(ONE)
    assert seen.startswith("tasks.issue_tasks: carried out")


@pytest.mark.django_db
def test_canary_another_refusal_is_none() -> None:
    def refuse(by: By, moment: Moment) -> None:
        raise NotAllowed("not_allowed", action="tasks.issue_tasks", reason="place")

    (seen,) = breaches({"tasks.issue_tasks": replace(ONE["tasks.issue_tasks"], prepare=lambda _: refuse)})
    assert seen == "tasks.issue_tasks: not_allowed []"


# --- actions without a right -----------------------------------------------------------------------------
# Signing in and one's own account: no right can be asked for them, so each is put to the machine itself.

Put = Callable[[By, Moment], object]


def _nobody(moment: Moment) -> Waiting:
    return Waiting(user=uuid.uuid4(), since=moment.recorded_at, proof="")


def _found(_: By, moment: Moment) -> object:
    roster = agencies.read_roster("zhengzhou")
    founding = agencies.find_founding(roster)
    assert founding is not None
    return agencies_actions.found_node(founding, password="long enough 12", moment=moment)


def _take(by: By, moment: Moment) -> object:
    return agencies_actions.take_post(Holding.objects.get(pk=by).person_id, by, moment=moment)


HERE = {"address": "127.0.0.1"}
#: Each action listed as Open, put to the machine, and the refusal it meets. Leaving is refused to nobody.
OPEN: dict[str, tuple[Put, str]] = {
    "agencies.found_node": (_found, "already_founded"),
    "agencies.sign_in": (
        lambda by, m: agencies_actions.sign_in("machine", "machine", moment=m, **HERE),
        "sign_in_failed",
    ),
    "agencies.finish_sign_in": (
        lambda by, m: agencies_actions.finish_sign_in(_nobody(m), "000000", moment=m, **HERE),
        "code_too_late",
    ),
    "agencies.switch_person": (
        lambda by, m: agencies_actions.switch_person("machine", "machine", by=by, moment=m, **HERE),
        "sign_in_failed",
    ),
    "agencies.finish_switch": (
        lambda by, m: agencies_actions.finish_switch(_nobody(m), "000000", by=by, moment=m, **HERE),
        "code_too_late",
    ),
    "agencies.take_post": (_take, "not_allowed"),
    "agencies.sign_out": (lambda by, m: agencies_actions.sign_out(uuid.uuid4(), by=by, moment=m), ""),
    "agencies.begin_second_factor": (
        lambda by, m: agencies_actions.begin_second_factor("machine", by=by, moment=m, **HERE),
        "only_people_sign_in",
    ),
    "agencies.confirm_second_factor": (
        lambda by, m: agencies_actions.confirm_second_factor("000000", by=by, moment=m),
        "only_people_sign_in",
    ),
    "agencies.change_password": (
        lambda by, m: agencies_actions.change_password("machine", "long enough 12", by=by, moment=m, **HERE),
        "only_people_sign_in",
    ),
    "agencies.end_session": (
        lambda by, m: agencies_actions.end_session(uuid.uuid4(), by=by, moment=m),
        "only_people_sign_in",
    ),
    "agencies.end_other_sessions": (
        lambda by, m: agencies_actions.end_other_sessions("", by=by, moment=m),
        "only_people_sign_in",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("action", sorted(OPEN))
def test_the_machine_has_no_account(action: str) -> None:
    put, code = OPEN[action]
    try:
        put(agencies.get_machine(), rights.moment())
    except Refused as refused:
        assert refused.code == code
    else:
        assert code == ""


def test_every_open_action_is_put_to_the_machine() -> None:
    listed = set().union(*(list_named(app, "Open") for app, _ in modules()))
    assert listed == set(OPEN)
