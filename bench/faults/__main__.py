"""python -m bench.faults: the recorded run, with as many kills as one has time for."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.run import print_table

from .bench import DATABASES, run
from .classes import CLASSES


def main() -> int:
    args = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    args.add_argument("--database", choices=DATABASES, default="", help="one of them; none: both")
    args.add_argument("--kills", type=int, default=10)
    args.add_argument("--cuts", type=int, default=3)
    args.add_argument("--only", nargs="*", choices=list(CLASSES), default=[])
    args.add_argument("--json", default="")
    wanted = args.parse_args()
    result = run(kills=wanted.kills, cuts=wanted.cuts, database=wanted.database, only=wanted.only)
    print_table(result)
    wrong = [line for found in result.more.values() for line in found["wrong"]]  # type: ignore[index]
    for line in wrong[:50]:
        print("  wrong:", line)
    if wanted.json:
        Path(wanted.json).write_text(json.dumps(asdict(result), indent=2, ensure_ascii=False) + "\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
