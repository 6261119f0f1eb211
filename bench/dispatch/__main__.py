"""`python -m bench.dispatch [tune] [--json FILE] ...`: the bench with all its choices, and the tuning."""

import argparse
import sys

from bench.run import run


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench.dispatch")
    asked.add_argument("what", nargs="?", default="run", choices=("run", "tune"))
    asked.add_argument("--json", default=None, help="also write the result to this file")
    asked.add_argument("--seeds", type=int, default=None, help="how many of the ten")
    asked.add_argument("--scale", type=float, default=None, help="part of the city, as dense")
    asked.add_argument(
        "--regime", default=None, help="same, or shifted: another disaster than was learnt from"
    )
    asked.add_argument("--futures", type=int, default=None, help="of the policy that knows; fewer is quicker")
    asked.add_argument("--at-once", type=int, default=None, help="runs beside each other")
    asked.add_argument("--development", action="store_const", const=1, help="seeds one may look at")
    asked.add_argument("--keep", default=None, help="a folder of results to go on from")
    asked.add_argument(
        "--parts", default=None, help="only these policies, `still`, `published`; a comma between"
    )
    given = {k: v for k, v in vars(asked.parse_args(words)).items() if v is not None}
    what, path = given.pop("what"), given.pop("json", None)
    if what == "tune":
        from bench.dispatch.tune import tune

        tune(int(given.get("seeds", 10)), float(given.get("scale", 1.0)))
        return 0
    return run("dispatch", path, **given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
