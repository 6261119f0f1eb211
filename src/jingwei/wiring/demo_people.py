"""People of the demo's flooded areas: those who live there by the hexagons that ship, and what they need.

The areas are drawn for the demonstration; the hexagons are real (r5r's sample data of Porto Alegre).
"""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec

from jingwei.engines import shapes
from jingwei.kernel.moments import By, Moment

from .demo_places import DemoPlace


class Living(msgspec.Struct, frozen=True):
    """How many live in an area: hexagons whose middle lies in it, and the sum of their people."""

    place: str
    hexagons: int
    people: int

    @property
    def words(self) -> str:
        return (
            f"generated for the demonstration: {self.people:,} people live in the {self.hexagons} hexagons "
            "whose middle lies in the drawn area (population: SRC-R5R)"
        )


def count_living(folder: str) -> list[Living]:
    """Each area of the demo's register with those who live in it, by division."""
    from .prepare import rows_of

    hexagons = [
        (float(row["lon"]), float(row["lat"]), int(row["population"]))
        for row in rows_of(folder, "hexagons.csv")
    ]
    found = []
    for row in rows_of(folder, "registers/areas.csv") if hexagons else []:
        shape = shapes.read_shape(row["form"], row["shape"])
        within = [people for lon, lat, people in hexagons if shapes.contains(shape, lon, lat)]
        found.append(Living(row["place"], len(within), sum(within)))
    return found


def fill_people(place: DemoPlace, *, moment: Moment, settle: Callable[[], int]) -> int:
    """The chief stands by those figures; what follows is estimated, and some of it ordered from stock.

    Returns how many people. None where the place has no hexagons.
    """
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.incidents import queries as incidents
    from jingwei.apps.people import actions
    from jingwei.apps.people.facts import Given

    living = count_living(place.folder)
    chief = agencies.find_holding_of_post(place.chief, at=moment.at)
    if not living or chief is None:
        return 0
    incident = next((one for one in incidents.list_open_in("") if _is_flood(one)), None)
    if incident is None:
        return 0
    for one in living:
        given = Given(value=one.people, source=one.words)
        actions.adopt_figure(
            incident, given, measure="affected_population", area=one.place, by=chief, moment=moment
        )
    while settle():
        pass
    _take_up(place, by=chief, moment=moment)
    return sum(one.people for one in living)


def _is_flood(incident: uuid.UUID) -> bool:
    from jingwei.apps.incidents import queries as incidents

    line = incidents.find_line(incident)
    return line is not None and line.kind.startswith("11A") and len(line.place) == 4


def _take_up(place: DemoPlace, *, by: By, moment: Moment) -> None:
    """What the machine estimated is confirmed by a person, and named as the supply that stands in stock."""
    from jingwei.apps.agencies import queries as agencies
    from jingwei.apps.needs import actions, queries
    from jingwei.apps.needs.facts import NewNeed
    from jingwei.apps.needs.queries import Sought
    from jingwei.apps.stock import queries as stock

    from .prepare import rows_of

    supplies = {one.code: one.id for one in stock.list_supplies()}
    wanted = {row["standard"]: supplies[row["supply"]] for row in rows_of(place.folder, "estimates.csv")}
    act: dict[str, Any] = {"by": by, "moment": moment}
    authority = agencies.get_authority(by, at=moment.at)
    for need in queries.list_needs(Sought(), authority=authority, at=moment.at, limit=200):
        if need.standard not in wanted:
            continue
        new = NewNeed(
            supply_id=wanted[need.standard], item_class=need.item_class, quantity=need.quantity,
            place=need.place, people=need.people, incident_id=need.incident_id,
            why="estimated from those who live there, by the standard",
        )  # fmt: skip
        actions.change_need(need.id, new, **act)
        actions.confirm_need(need.id, **act)
