"""How fast the storm is told on this machine.

python -m bench.storm.speed --scale 0.05
"""

import argparse
import time

from bench.storm.parameters import REGIMES
from bench.storm.storm import generate


def main() -> None:
    parser = argparse.ArgumentParser(description="Reports per second.")
    parser.add_argument("--scale", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    for regime in REGIMES:
        begun = time.perf_counter()
        storm = generate(asked.seed, regime, asked.scale)
        planned = time.perf_counter()
        count = sum(1 for _ in storm)
        told = time.perf_counter()
        rates = f"{count / (told - planned):.0f} reports/s told, {count / (told - begun):.0f} in all"
        print(f"{regime}: {count} reports, planned in {planned - begun:.2f} s, {rates}")


if __name__ == "__main__":
    main()
