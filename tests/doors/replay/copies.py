"""A copy of a shipped case in a folder of its own, whose rows a test can shift, drop and double."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

FILES = ("case.json", "timeline.csv", "inputs.csv", "figures.csv", "checks.csv", "wordings.csv")
Row = dict[str, str]


class CaseCopy:
    """The files of one case, and the edits of them."""

    def __init__(self, folder: Path, name: str = "zhengzhou-2021") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            shipped = files("jingwei") / "data" / "cases" / name / file
            (folder / file).write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")

    def rows(self, file: str) -> list[Row]:
        with (self.folder / file).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def write(self, file: str, rows: list[Row]) -> None:
        with (self.folder / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, file: str, seq: int, /, **cells: str) -> None:
        """Other cells in the row (of figures: the rows) with this number."""
        self.write(file, [r | cells if r["seq"] == str(seq) else r for r in self.rows(file)])

    def shift(self, seq: int, **by: float) -> None:
        """The row happened earlier or later: `hours=-1`, `days=1`."""
        (at,) = [r["time_local"] for r in self.rows("timeline.csv") if r["seq"] == str(seq)]
        self.change(
            "timeline.csv", seq, time_local=(datetime.fromisoformat(at) + timedelta(**by)).isoformat()
        )

    def drop(self, seq: int) -> None:
        """The row was never written down."""
        for file in ("timeline.csv", "inputs.csv", "figures.csv"):
            self.write(file, [r for r in self.rows(file) if r["seq"] != str(seq)])

    def double(self, seq: int) -> None:
        """The row stands in the timeline twice."""
        rows = self.rows("timeline.csv")
        self.write("timeline.csv", [*rows, *[r for r in rows if r["seq"] == str(seq)]])

    def add_like(self, seq: int, new: int, **by: float) -> None:
        """One more row with everything as in row `seq`, under a new number and at another time."""
        for file in ("timeline.csv", "inputs.csv", "figures.csv"):
            rows = self.rows(file)
            self.write(file, [*rows, *[r | {"seq": str(new)} for r in rows if r["seq"] == str(seq)]])
        self.shift(new, **by)


Edit = Callable[[CaseCopy], object]
