"""python -m bench.storm --seed 7 --regime shifted --scale 0.01 --out folder"""

import argparse
from pathlib import Path

from bench.storm.parameters import REGIMES
from bench.storm.storm import generate, write


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a storm of reports with known truth.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--regime", choices=REGIMES, default="same")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="part of 100,000 reports, above 0, at most 1"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the four files")
    asked = parser.parse_args()
    count = write(generate(asked.seed, asked.regime, asked.scale), asked.out)
    print(f"{count} reports in {asked.out}")


if __name__ == "__main__":
    main()
