"""Rights, action by action: one case for each, and every case is put to the same questions.

A case is a function `prepare(stage)` under `@action_case("incidents.confirm_grade")`. It makes what the
action needs at `stage.place` and returns `act(by, moment)`, which performs the action once. Cases
stand in `tests/apps/<app>/cases.py`; `tests/house/test_rights.py` asks the questions.
"""

import importlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.models import Holding, Organization, Person, Post
from jingwei.kernel.moments import By, Moment

#: Where cases act, the county next door, and the city above both.
PLACE, NEXT_DOOR, ABOVE = "410182", "410181", "4101"
NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)

Act = Callable[[By, Moment], object]


@dataclass(frozen=True)
class Stage:
    """What a case may rely on. `operator` may do everything an operator may, everywhere."""

    place: str
    moment: Moment
    operator: By
    machine: By


@dataclass(frozen=True)
class Case:
    """One public action. `scoped`: it is done at a place, so that place's own post may do it."""

    action: str
    scoped: bool
    prepare: Callable[[Stage], Act]


CASES: dict[str, Case] = {}


def action_case(
    action: str, *, scoped: bool = True
) -> Callable[[Callable[[Stage], Act]], Callable[[Stage], Act]]:
    """Register how the action is performed. `scoped=False`: it concerns no place, or the whole node."""

    def keep(prepare: Callable[[Stage], Act]) -> Callable[[Stage], Act]:
        known = CASES.get(action)
        if known is not None and known.prepare.__module__ != prepare.__module__:
            raise ValueError(f"two cases for {action}")
        CASES[action] = Case(action, scoped, prepare)
        return prepare

    return keep


def load_cases() -> dict[str, Case]:
    """All cases of all apps."""
    for path in sorted((Path(__file__).parent / "apps").glob("*/cases.py")):
        importlib.import_module(f"tests.apps.{path.parent.name}.cases")
    return CASES


def moment(at: datetime = NOW) -> Moment:
    return Moment(at=at, recorded_at=at)


def a_holding(role: str, *, place: str = "", hazard: str = "", kind: str = "human", at: datetime = NOW) -> By:
    """A person or program in a new post with this role and scope, for a year around `at`."""
    name = uuid.uuid4().hex[:12]
    organization, _ = Organization.objects.get_or_create(
        code=f"test-{place or 'all'}",
        defaults={"name_zh": "试验机构", "name_en": "Test agency", "kind": "department", "place": place},
    )
    post = Post.objects.create(
        organization=organization,
        code=f"test-{name}",
        name_zh="试验岗位",
        name_en="Test post",
        role=role,
        place=place,
        hazard=hazard,
    )
    person = Person.objects.create(name_zh="试验者", name_en="Tester", kind=kind, fictional=True)
    year = timedelta(days=365)
    return Holding.objects.create(person=person, post=post, from_at=at - year, until_at=at + year).pk


def a_stage() -> Stage:
    return Stage(
        place=PLACE,
        moment=moment(),
        operator=a_holding("operator"),
        machine=a_holding("machine", kind="machine"),
    )


def roles_with(action: str) -> list[str]:
    """Roles that may do the action, the lowest listed first."""
    return [role for role, actions in agencies.get_rights().roles.items() if action in actions]


def role_without(action: str) -> str:
    return next(role for role, granted in agencies.get_rights().roles.items() if action not in granted)


def kind_for(role: str) -> str:
    return "machine" if role == "machine" else "program" if role.startswith("program_") else "human"


def concerns_the_node(action: str) -> bool:
    return agencies.get_rights().actions[action].whole_node


def decides(action: str) -> bool:
    return agencies.get_rights().actions[action].decides
