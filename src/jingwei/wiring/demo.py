"""`jingwei demo`: the rainstorm of July 2021 played live on a node of one's own."""

import json
import os
import secrets
import shutil
import sys
import time
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from .compare import Computing

DEMO_CASE = "zhengzhou-2021"


class Wanted(msgspec.Struct):
    """What the command line asks of the demo."""

    home: Path
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

    database = f"sqlite:///{wanted.home.resolve() / 'demo.sqlite3'}"
    os.environ["JINGWEI_HOME"] = str(wanted.home.resolve())
    os.environ["JINGWEI_DATABASE"] = os.environ.get("JINGWEI_DEMO_DATABASE", database)
    os.environ["JINGWEI_NODE"] = "zhengzhou-demo"
    os.environ.setdefault("JINGWEI_PUBLIC_POST", "4101-zbs-public")
    cast = wanted.home / "cast.json"
    port = wanted.port or free_port()
    with ExitStack() as beside:
        made = wanted.keep and cast.exists()
        computing = _compute(wanted, made=made)
        if computing is not None:
            beside.callback(computing.give_up)
        if not made:
            _make(wanted, cast)
        if computing is not None:
            beside.enter_context(_kept(computing))
        _greet(json.loads(cast.read_text()), wanted, port)
        return serve(host=wanted.host, port=port, case=DEMO_CASE)


def _compute(wanted: Wanted, *, made: bool) -> "Computing | None":
    """The case as the rules say, computed beside all that follows; None where it is kept already."""
    from .compare import Computing

    if wanted.bare:
        return None
    if made:
        from .start import start

        start()
        from django.db import connections

        from jingwei.apps.assessments.queries import list_compared_cases

        kept = list_compared_cases()
        connections.close_all()
        if DEMO_CASE in kept:
            return None
    return Computing(DEMO_CASE)


def _kept(computing: "Computing") -> AbstractContextManager[None]:
    from django.db import connections

    from jingwei.apps.agencies.queries import get_operator

    from .compare import kept_beside
    from .prepare import real_moment

    operator = get_operator(at=real_moment().at)
    connections.close_all()
    return kept_beside(computing, by=operator)


def _make(wanted: Wanted, cast: Path) -> None:
    started = time.monotonic()
    if wanted.home.exists():
        shutil.rmtree(wanted.home)
    wanted.home.mkdir(parents=True)
    from .start import start

    start()
    from .demo_stock import fill_stock
    from .prepare import load_demo_registers, load_outlines, make_demo_node, real_moment

    def say(what: str) -> None:
        print(f"  {time.monotonic() - started:5.1f} s  {what}", flush=True)

    password = wanted.password or secrets.token_hex(4)
    operator = make_demo_node(password, say=say)
    load_outlines(by=operator, say=say)
    say("stock: stores and supplies, made up")
    fill_stock("zhengzhou", by=operator, moment=real_moment())
    load_demo_registers(by=operator, say=say)
    say("case: rows before the live view")
    _open_scenario(wanted, operator)
    from django.db import connections

    connections.close_all()
    cast.write_text(json.dumps({"password": password, "users": _users()}, ensure_ascii=False))
    say("ready")


def _open_scenario(wanted: Wanted, operator: object) -> None:
    """Play what came before, then start the scenario clock where the live view begins."""
    from jingwei.apps.clock.actions import start_scenario
    from jingwei.doors.entry.moments import this_moment
    from jingwei.doors.replay.case import read_case
    from jingwei.doors.replay.player import play_until

    from .demo_dispatch import fill_dispatch
    from .demo_needs import fill_needs
    from .demo_shelters import fill_shelters
    from .prepare import real_moment
    from .worker import settle

    case = read_case(DEMO_CASE)
    begin = datetime.fromisoformat(wanted.until) if wanted.until else case.live_from_at
    play_until(case, until=begin, settle=settle)
    start_scenario(
        DEMO_CASE,
        start_at=begin,
        speed=wanted.speed,
        paused=wanted.paused,
        by=operator,  # type: ignore[arg-type]
        moment=real_moment(),
    )
    fill_needs("zhengzhou", by=operator, moment=this_moment())  # type: ignore[arg-type]
    fill_dispatch(moment=this_moment())
    fill_shelters("zhengzhou", by=operator, moment=this_moment())  # type: ignore[arg-type]


def _users() -> list[dict[str, str]]:
    from jingwei.apps.agencies.queries import read_roster

    roster = read_roster("zhengzhou")
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
                "name": person.name_zh,
                "post": " ".join(one.name_zh for one in (organization, post) if one),
                "role": post.role if post else "",
            }
        )
    return found


def _greet(cast: dict, wanted: Wanted, port: int) -> None:
    url = f"http://{wanted.host}:{port}"
    if wanted.users_json:
        users = {u["username"]: cast["password"] for u in cast["users"]}
        Path(wanted.users_json).write_text(json.dumps({"url": url, "users": users}))
    wide = max(len(u["username"]) for u in cast["users"])
    print("\nJingwei 经纬: Zhengzhou, July 2021, replayed. All people are fictional. 人物均为虚构。")
    for user in cast["users"]:
        print(f"  {user['username']:<{wide}}  {user['name']}  {user['post']}")
    print(f"\n  password of all, made for this demo / 本次演示统一口令: {cast['password']}")
    print(f"  open / 打开: {url}\n", flush=True)
    sys.stdout.flush()
