"""What the programs shall read: rows, areas of every form, made-up outlines, due days. Prints JSON of counts.

Runs on the node that the environment names: `python -m bench.clients.filling`.
"""

import json
from datetime import timedelta
from typing import Any

#: Rescue teams: more than a page of any of the programs.
TEAMS, OUT = 90, 25
#: Hidden dangers with a day by which they are to be mended.
DUE, STEP = 30, 3
#: An L: its box holds much that it does not.
ELL = "113.6,34.6;113.8,34.6;113.8,34.62;113.62,34.62;113.62,34.8;113.6,34.8"
AREAS = (
    {"name": "曲形区", "form": "polygon", "shape": ELL},
    {
        "name": "带洞区",
        "form": "polygon",
        "shape": "114,35;115,35;115,36;114,36|114.4,35.4;114.6,35.4;114.5,35.6",
    },
    {"name": "河段", "form": "line", "shape": "113.0,34.0;113.4,34.4", "radius_m": "500"},
    {"name": "圆区", "form": "circle", "shape": "112,35", "radius_m": "2000"},
    {"name": "两县", "form": "divisions", "divisions": "410102 410103"},
)


def main() -> None:
    from jingwei.wiring.start import start

    start()
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.agencies.models import Holding
    from jingwei.apps.places import actions as places
    from jingwei.apps.places.facts import OutlineRow
    from jingwei.apps.registers import actions
    from jingwei.apps.registers import queries as registers
    from jingwei.apps.registers.facts import Sought
    from jingwei.engines.outlines import ring_of
    from jingwei.wiring.prepare import real_moment

    moment = real_moment()
    today = moment.at.date()
    by = (
        Holding.objects.filter(person__user__username="zhongyu")
        .order_by("pk")
        .values_list("pk", flat=True)[0]
    )

    def add(code: str, **values: Any) -> None:
        text = {name: str(value) for name, value in values.items()}
        ((read, errors),) = registers.read_rows(registers.get_register(code), [text])
        if errors:
            raise SystemExit(f"{code}: {errors}")
        actions.add_row(code, read, by=by, moment=moment)

    def square(west: float, side: float = 0.2) -> Any:
        return ring_of([(west, 34.0), (west + side, 34.0), (west + side, 34.2), (west, 34.2)])

    squares = (("4101", 113.0, 0.4), ("410102", 113.0, 0.2), ("410103", 113.2, 0.2))
    rows = [OutlineRow(code, [square(west, side)], "made up") for code, west, side in squares]
    places.load_outlines(rows, source="made up", by=by, moment=moment)
    for n in range(TEAMS):
        where = {"lon": 113 + n / 100, "lat": 34.5} if n else {}  # one without a point
        state = "out" if n < OUT else "ready"
        add(
            "teams",
            name=f"{n:02}队，“甲”",
            place="4101",
            kind="FIRE",
            phone="13612342071",
            state=state,
            **where,
        )
    for area in AREAS:
        add("areas", kind="flood", place="4101", **area)
    for n in range(DUE):
        add("hidden-dangers", name=f"巡堤{n:02}", place="4101", mend_by=today + timedelta(days=1 + n * STEP),
            kind="flood", grade="general", state="found", matter="堤身渗水", found_on=today)  # fmt: skip
    reader = Holding.objects.filter(post__code="bench-reader").values_list("pk", flat=True)[0]
    authority = agencies.get_authority(reader, at=moment.at)
    layers = {}
    for register in registers.list_registers():
        if register.has_points:
            layers[register.code] = registers.count_rows(register, Sought(), authority=authority)
    print(json.dumps({
        "layers": layers | {"divisions": 3}, "surfaces": 4, "lines": 1, "areas_in_box": 2, "teams_out": OUT,
        "due": DUE, "first_due": (today + timedelta(days=1)).isoformat(), "due_span_days": DUE * STEP + 2,
        "calendar": actions.share_calendar("hidden-dangers", "bench", by=by, moment=moment),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
