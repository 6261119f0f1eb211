"""Cut one province out of the national division table and ship it: code and name, deterministic gzip.

    python bench/make_places.py cn_admin_2023.csv.gz 41 src/jingwei/data/places/henan.csv.gz

Level and parent are not kept: a code of 2, 4, 6, 9 or 12 digits says both.
"""

import argparse
import csv
import gzip
import io
from pathlib import Path


def cut(source: Path, province: str, target: Path) -> int:
    """Write the province's rows, sorted by code; returns how many."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = sorted(
            (row["code"], row["name"]) for row in csv.DictReader(file) if row["code"].startswith(province)
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "name"])
    writer.writerows(rows)
    target.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    return len(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("province")
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    print(cut(given.source, given.province, given.target), "divisions")
