"""`jingwei demo`: a past disaster played live on a node of one's own."""

import json
import secrets
import shutil
import sys
import time
import uuid
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .demo_places import PLACES, ZHENGZHOU, DemoPlace

if TYPE_CHECKING:
    from jingwei.apps.agencies.facts import OrganizationRow, PostRow

    from .compare import Computing
    from .prepare import Say


class Wanted(msgspec.Struct):
    """What the command line asks of the demo."""

    home: Path
    place: str = ZHENGZHOU.name
    host: str = "127.0.0.1"
    port: int = 8000
    speed: float = 60.0
    until: str = ""
    paused: bool = False
    keep: bool = False
    bare: bool = False
    users_json: str = ""
    password: str = ""


def run(wanted: Wanted) -> int:
    """Make the node, play up to the start of the live view, then serve."""
    from .serve import free_port, serve

    place = PLACES[wanted.place]
    place.set_environment(wanted.home)
    cast = wanted.home / "cast.json"
    port = wanted.port or free_port()
    with ExitStack() as beside:
        made = wanted.keep and _is_made(cast, place)
        computing = _compute(wanted, place, made=made)
        if computing is not None:
            beside.callback(computing.give_up)
        if not made:
            _make(wanted, place, cast)
        if computing is not None:
            beside.enter_context(_kept(computing))
        _greet(json.loads(cast.read_text()), wanted, place, port)
        return serve(host=wanted.host, port=port, case=place.case)


def _is_made(cast: Path, place: DemoPlace) -> bool:
    """Whether the node that is there is of this place."""
    return cast.exists() and json.loads(cast.read_text()).get("place", ZHENGZHOU.name) == place.name


def _compute(wanted: Wanted, place: DemoPlace, *, made: bool) -> "Computing | None":
    """The case as the rules say, computed beside all that follows; None where it is kept already."""
    from .compare import Computing

    if wanted.bare or not place.compared:
        return None
    if made:
        from .start import start

        start()
        from django.db import connections

        from jingwei.apps.assessments.queries import list_compared_cases

        kept = list_compared_cases()
        connections.close_all()
        if place.case in kept:
            return None
    return Computing(place.case)


def _kept(computing: "Computing") -> AbstractContextManager[None]:
    from django.db import connections

    from jingwei.apps.agencies.queries import get_operator

    from .compare import kept_beside
    from .prepare import real_moment

    operator = get_operator(at=real_moment().at)
    connections.close_all()
    return kept_beside(computing, by=operator)


def _make(wanted: Wanted, place: DemoPlace, cast: Path) -> None:
    started = time.monotonic()
    if wanted.home.exists():
        shutil.rmtree(wanted.home)
    wanted.home.mkdir(parents=True)
    from .start import start

    start()

    def say(what: str) -> None:
        print(f"  {time.monotonic() - started:5.1f} s  {what}", flush=True)

    password = wanted.password or secrets.token_hex(4)
    fill(place, password, until=wanted.until, speed=wanted.speed, paused=wanted.paused, say=say)
    from django.db import connections

    connections.close_all()
    kept = {"place": place.name, "password": password, "users": _users(place)}
    cast.write_text(json.dumps(kept, ensure_ascii=False))
    say("ready")


def fill(
    place: DemoPlace, password: str, *, until: str = "", speed: float = 60.0, paused: bool = False, say: "Say"
) -> None:
    """An empty database becomes the place's node, as it stands where the live view begins."""
    from .demo_stock import fill_stock
    from .prepare import load_demo_registers, load_outlines, load_roads, make_demo_node, real_moment

    operator = make_demo_node(password, place=place, say=say)
    if place is ZHENGZHOU:
        load_outlines(by=operator, say=say)
    say("stock: stores and supplies, made up")
    fill_stock(place.folder, by=operator, moment=real_moment(), in_chinese=place.in_chinese)
    load_demo_registers(by=operator, say=say, place=place)
    load_roads(place, by=operator, say=say)
    say("case: rows before the live view")
    _open_scenario(place, operator, until=until, speed=speed, paused=paused, say=say)


def _open_scenario(
    place: DemoPlace, operator: uuid.UUID, *, until: str, speed: float, paused: bool, say: "Say"
) -> None:
    """Play what came before, then start the scenario clock where the live view begins."""
    from jingwei.apps.clock.actions import start_scenario
    from jingwei.doors.entry.moments import this_moment
    from jingwei.doors.replay.case import read_case
    from jingwei.doors.replay.player import play_until

    from .demo_dispatch import fill_dispatch
    from .demo_needs import fill_needs
    from .demo_people import fill_people
    from .demo_roads import fill_closures
    from .demo_shelters import fill_shelters
    from .prepare import real_moment
    from .worker import settle

    case = read_case(place.case)
    begin = datetime.fromisoformat(until) if until else case.live_from_at
    play_until(case, until=begin, settle=settle)
    start_scenario(place.case, start_at=begin, speed=speed, paused=paused, by=operator, moment=real_moment())
    fill_needs(place.folder, by=operator, moment=this_moment())
    if fill_people(place, moment=this_moment(), settle=settle):
        say("people: living in the flooded areas, summed over hexagons; what they need, by standards")
    if fill_closures(place, by=operator, moment=this_moment()):
        say("roads: closures, drawn for the demonstration; a proposal by travel times")
    fill_dispatch(place, moment=this_moment())
    say("shelters: opened, with people who are made up")
    fill_shelters(place.folder, by=operator, moment=this_moment(), in_chinese=place.in_chinese)


def _users(place: DemoPlace) -> list[dict[str, str]]:
    from jingwei.apps.agencies.queries import read_roster

    roster = read_roster(place.folder)
    posts = {p.code: p for p in roster.posts}
    organizations = {o.code: o for o in roster.organizations}
    found = []
    for person in roster.people:
        if not person.username or not person.posts:
            continue
        post = posts.get(person.posts[0])
        organization = organizations.get(post.organization) if post else None
        found.append(
            {
                "username": person.username,
                "name": person.name_zh if place.in_chinese else person.name_en,
                "post": _of(place, organization, post),
                "role": post.role if post else "",
            }
        )
    return found


def _of(place: DemoPlace, *named: "OrganizationRow | PostRow | None") -> str:
    return " ".join((one.name_zh if place.in_chinese else one.name_en) for one in named if one)


def _greet(cast: dict, wanted: Wanted, place: DemoPlace, port: int) -> None:
    url = f"http://{wanted.host}:{port}"
    if wanted.users_json:
        users = {u["username"]: cast["password"] for u in cast["users"]}
        Path(wanted.users_json).write_text(json.dumps({"url": url, "users": users}))
    wide = max(len(u["username"]) for u in cast["users"])
    print(f"\nJingwei 经纬: {place.of_en}, replayed. All people are fictional. 人物均为虚构。")
    for user in cast["users"]:
        print(f"  {user['username']:<{wide}}  {user['name']}  {user['post']}")
    print(f"\n  password of all, made for this demo / 本次演示统一口令: {cast['password']}")
    print(f"  open / 打开: {url}\n", flush=True)
    sys.stdout.flush()
