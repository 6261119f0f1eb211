"""The `jingwei` command: its verbs, each with one line of help. Exit codes: 0 done, 1 failed, 2 refused."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jingwei.doors.cli.arguments import add_verbs
from jingwei.kernel.refusals import Refused, Unavailable
from jingwei.wiring.backup.words import add_verbs as add_backup_verbs
from jingwei.wiring.demo_places import PLACES, ZHENGZHOU, place_of_case
from jingwei.wiring.paper import add_verb as add_paper_verb

Run = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse_args(argv)
    if not hasattr(args, "run"):
        parser().print_help()
        return 2
    try:
        return args.run(args)
    except Refused as error:
        print(_sentence(error), file=sys.stderr)
        return 2
    except Unavailable as error:
        print(f"jingwei: {error.what} does not answer; try again", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


def _sentence(error: Refused) -> str:
    try:
        from jingwei.doors.entry.refusals import say

        return f"jingwei: {say(error.code, error.facts)}"
    except Exception:  # noqa: BLE001 - door's edge: without settings there is still the code
        return f"jingwei: {error}"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="jingwei",
        formatter_class=_one_line_each,
        description="Jingwei 经纬, the emergency management system of a place",
    )
    verbs = top.add_subparsers(metavar="VERB", title="verbs")
    _demo(verbs)
    _serve(verbs)
    _replay(verbs)
    _add(
        verbs, "worker", "carry out what follows from the facts (started by serve)", _run_worker
    ).add_argument("--case", default="", help="also play this case by the scenario clock")
    _add(
        verbs, "migrate", "bring the database to this release, after a backup of what is in it", _run_migrate
    ).add_argument("--no-backup", action="store_true", help="there is a backup already")
    add_backup_verbs(verbs, _start)
    add_paper_verb(verbs, _start)
    add_verbs(verbs, _start)
    _bench(verbs)
    return top


def _one_line_each(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, max_help_position=24, width=100)


def _start() -> None:
    from .start import start

    start()


def _add(verbs: Any, name: str, line: str, run: Run) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=line, description=line)
    one.set_defaults(run=run)
    return one


def _demo(verbs: Any) -> None:
    one = _add(verbs, "demo", "play a disaster of the past, live, on a node of your own", _run_demo)
    one.add_argument(
        "--place", choices=sorted(PLACES), default=ZHENGZHOU.name,
        help="zhengzhou: the rainstorm of July 2021; porto-alegre: the flood of May 2024, in English",
    )  # fmt: skip
    one.add_argument("--home", type=Path, default=Path(".jingwei/demo"), help="folder of the demo's node")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8000, help="0: any free one")
    one.add_argument("--speed", type=float, default=60.0, help="scenario time runs so many times as fast")
    one.add_argument("--until", default="", help="play at once up to this time (ISO 8601), then live")
    one.add_argument("--paused", action="store_true", help="start with the clock standing still")
    one.add_argument("--keep", action="store_true", help="go on with the demo's node as it was left")
    one.add_argument("--bare", action="store_true", help="without the comparison with the rules")
    one.add_argument(
        "--password", default="", help="one password for all fictional users, instead of a new one"
    )
    one.add_argument("--users-json", default="", help="write address and users to this file")


def _serve(verbs: Any) -> None:
    one = _add(verbs, "serve", "serve this node: pages, intake, live stream, worker", _run_serve)
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8000)
    one.add_argument("--no-worker", action="store_true", help="pages and intake only")
    one.add_argument("--case", default="", help="the worker also plays this case by the scenario clock")


def _replay(verbs: Any) -> None:
    one = _add(verbs, "replay", "replay a case in a scratch database and compute its checks", _run_replay)
    one.add_argument("case", help="name of a shipped case, or a folder that holds one")
    one.add_argument("--json", default=None, help="also write the result to this file")
    one.add_argument(
        "--as", dest="track", choices=("recorded", "rules"), default="recorded",
        help="rules: beside the record, what rules and plan call for on the same reports",
    )  # fmt: skip
    one.add_argument(
        "--delay", type=_minutes, default=None, metavar="MINUTES",
        help="with --as rules: how long after its proposal a decision is taken (15)",
    )  # fmt: skip
    one.add_argument(
        "--store", action="store_true", help="with --as rules: keep the result on this node, for its pages"
    )


def _minutes(text: str) -> float:
    """A delay: zero or more minutes, at most a week."""
    minutes = float(text)
    if not 0 <= minutes <= 7 * 24 * 60:
        raise ValueError(text)
    return minutes


def _bench(verbs: Any) -> None:
    one = _add(verbs, "bench", "measure ourselves beside the comparators (from a checkout)", _run_bench)
    one.add_argument("name", nargs="?", default="", help="which benchmark; none: list them")
    one.add_argument("--json", default=None, help="also write the result to this file")
    one.add_argument("--hours", type=float, default=None, help="how long a soak lasts")
    one.add_argument("--minutes", type=float, default=None, help="how long the storm of intake lasts")
    one.add_argument("--seeds", type=int, default=None, help="how many storms are drawn")
    one.add_argument("--scale", type=float, default=None, help="part of the whole, or (registers) times it")
    one.add_argument("--database", choices=("sqlite", "postgres"), default=None, help="of the bench's node")
    one.add_argument("--keep", default=None, help="a folder in which the nodes stay (registers)")
    one.add_argument("--only", choices=("import",), default=None, help="this part alone (registers)")


def _run_demo(args: argparse.Namespace) -> int:
    from .demo import Wanted, run

    names = Wanted.__struct_fields__
    return run(Wanted(**{n: getattr(args, n) for n in names}))


def _run_serve(args: argparse.Namespace) -> int:
    from .serve import serve

    _start()
    _check_release()
    return serve(host=args.host, port=args.port, worker=not args.no_worker, case=args.case)


def _run_worker(args: argparse.Namespace) -> int:
    _start()
    _check_release()
    from .worker import main as work

    return work(case=args.case)


def _check_release() -> None:
    from .release import check_release

    check_release()


def _run_migrate(args: argparse.Namespace) -> int:
    _start()
    from .backup.upgrade import upgrade

    return upgrade(backup_first=not args.no_backup)


def _run_replay(args: argparse.Namespace) -> int:
    place = place_of_case(args.case)
    if args.track == "rules" and not place.compared:
        print(
            f"jingwei: no rules of {place.country} ship: this case cannot be computed by them",
            file=sys.stderr,
        )
        return 2
    if args.track == "rules":
        from .compare import run as run_comparison

        return run_comparison(args.case, delay_min=args.delay, json_path=args.json, store=args.store)
    from .scratch import scratch_node

    with scratch_node(place=place):
        from jingwei.doors.replay.run import run

        from .worker import settle

        return run(args.case, args.json, settle=settle)


def _run_bench(args: argparse.Namespace) -> int:
    try:
        from bench.run import run
    except ImportError:
        print("jingwei: benchmarks are run from a checkout of the project (`make bench`)", file=sys.stderr)
        return 2
    asked = {"hours": args.hours, "minutes": args.minutes, "seeds": args.seeds, "scale": args.scale}
    asked |= {"database": args.database, "keep": args.keep, "only": args.only}
    options = {name: value for name, value in asked.items() if value is not None}
    return run(args.name, args.json, **options)


if __name__ == "__main__":
    sys.exit(main())
