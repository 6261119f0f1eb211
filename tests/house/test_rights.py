"""Every public action asks for its right: the same questions for all of them, and one canary each."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import jingwei.apps
from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import NotAllowed
from jingwei.kernel.moments import By
from tests import rights
from tests.rights import Act, Case

APPS = Path(jingwei.apps.__path__[0])
#: The journal lies below rights: only other apps' actions call it.
BELOW_RIGHTS = {"journal"}
CASES = rights.load_cases()
ALL = [pytest.param(case, id=name) for name, case in sorted(CASES.items())]
SCOPED = [pytest.param(case, id=name) for name, case in sorted(CASES.items()) if case.scoped]
DECISIONS = [pytest.param(c, id=n) for n, c in sorted(CASES.items()) if rights.decides(n)]


def list_actions() -> Iterator[str]:
    """Public functions of every app's actions, as `<app>.<function>`."""
    for folder in sorted(APPS.iterdir()):
        if folder.name in BELOW_RIGHTS or not any(
            (folder / name).exists() for name in ("actions.py", "actions/__init__.py")
        ):
            continue
        module = importlib.import_module(f"jingwei.apps.{folder.name}.actions")
        for name, found in vars(module).items():
            own = inspect.unwrap(found).__module__.startswith(module.__name__) if callable(found) else False
            if own and inspect.isfunction(inspect.unwrap(found)) and not name.startswith("_"):
                yield f"{folder.name}.{name}"


def list_named(app: str, heading: str) -> set[str]:
    """The actions that the app's README names under a heading.

    "Open": no right can be asked for them. "Silent": they only call others that record, and ask.
    """
    readme = APPS / app / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    section = re.search(rf"^\*\*{heading}\*\*(.*?)(?=^\*\*|^\s*$|\Z)", text, re.MULTILINE | re.DOTALL)
    return {f"{app}.{name}" for name in re.findall(r"`(\w+)`", section[1])} if section else set()


def asks_itself(action: str) -> bool:
    app = action.partition(".")[0]
    return action in CASES or action not in list_named(app, "Open") | list_named(app, "Silent")


def test_every_public_action_has_a_case_or_is_listed_as_open() -> None:
    missing = [action for action in list_actions() if action not in CASES and asks_itself(action)]
    assert not missing, "write a case in tests/apps/<app>/cases.py, or list it in the README as Open"


def test_the_table_of_rights_names_exactly_the_actions_there_are() -> None:
    named = {name for name in agencies.get_rights().actions if "." in name}
    assert named == {action for action in list_actions() if asks_itself(action)}


def test_canary_an_open_action_is_read_from_the_readme() -> None:
    assert "agencies.sign_in" in list_named("agencies", "Open")
    assert "agencies.add_post" not in list_named("agencies", "Open")


def prepared(case: Case) -> Act:
    return case.prepare(rights.a_stage())


def a_holder(case: Case, place: str) -> By:
    role = rights.roles_with(case.action)[0]
    return rights.a_holding(role, place=place, kind=rights.kind_for(role))


def someone_without(case: Case) -> By:
    """The same role one county over; where an action knows no place, a role without the right."""
    if case.scoped or rights.concerns_the_node(case.action):
        return a_holder(case, rights.NEXT_DOOR)
    return rights.a_holding(rights.role_without(case.action))


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALL)
def test_a_holder_with_the_right_may(case: Case) -> None:
    act = prepared(case)
    act(a_holder(case, rights.PLACE if case.scoped else ""), rights.moment())


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALL)
def test_a_holder_one_county_over_or_without_the_role_is_refused(case: Case) -> None:
    act = prepared(case)
    with pytest.raises(NotAllowed) as refused:
        act(someone_without(case), rights.moment())
    assert (refused.value.code, refused.value.facts["action"]) == ("not_allowed", case.action)


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALL)
def test_nobody_without_a_post_may(case: Case) -> None:
    act = prepared(case)
    released = rights.a_holding("operator", at=rights.NOW.replace(year=2001))
    with pytest.raises(NotAllowed) as refused:
        act(released, rights.moment())
    assert (refused.value.code, refused.value.facts["reason"]) == ("not_allowed", "holding")


@pytest.mark.django_db
@pytest.mark.parametrize("case", SCOPED)
def test_the_higher_post_sees_the_place_and_may(case: Case) -> None:
    act, above = prepared(case), a_holder(case, rights.ABOVE)
    authority = agencies.get_authority(above, at=rights.NOW)
    assert authority.place == rights.ABOVE
    if "see" in agencies.get_rights().roles[authority.role]:
        assert agencies.sees(authority, rights.PLACE)
    act(above, rights.moment())


@pytest.mark.django_db
@pytest.mark.parametrize("case", DECISIONS)
@pytest.mark.parametrize("kind", ["machine", "program"])
def test_the_machine_may_not_decide(case: Case, kind: str) -> None:
    act = prepared(case)
    for role in {"machine", rights.roles_with(case.action)[0]}:
        with pytest.raises(NotAllowed) as refused:
            act(rights.a_holding(role, kind=kind), rights.moment())
        assert refused.value.code == "machine_may_not_decide"


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALL)
def test_canary_without_require_the_refusal_is_gone(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes `require` out: what was refused above now passes, so the refusal was its work alone."""
    act, holder = prepared(case), someone_without(case)
    monkeypatch.setattr(agencies, "require", grants_everything())
    act(holder, rights.moment())


def grants_everything() -> Callable[..., agencies.Authority]:
    def require(by: By, action: str, *, at: object, **_: object) -> agencies.Authority:
        return agencies.list_authorities([by])[by]

    return require
