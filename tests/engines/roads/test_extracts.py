"""Reading OpenStreetMap extracts: what tags say, where ways are cut, and files that are none."""

from pathlib import Path

import numpy as np
import pytest

from jingwei.engines.roads.classes import MILE_KM, drivable, road_classes
from jingwei.engines.roads.osm import BadExtract, read_extract
from jingwei.engines.roads.travel import Travel
from tests.conftest import REFERENCE

#: A crossing (3) of two streets; a one-way lane; a footpath; a way that leaves the extract; a loop.
EXTRACT = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
 <node id="1" lat="49.4100" lon="8.6800" version="1"/>
 <node id="2" lat="49.4105" lon="8.6850" version="1"/>
 <node id="3" lat="49.4110" lon="8.6900" version="1"/>
 <node id="4" lat="49.4120" lon="8.7000" version="1"/>
 <node id="5" lat="49.4000" lon="8.6900" version="1"/>
 <node id="6" lat="49.4200" lon="8.6900" version="1"/>
 <node id="7" lat="49.4210" lon="8.6910" version="1"/>
 <node id="8" lat="49.4210" lon="8.6890" version="1"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/>
  <tag k="highway" v="primary"/><tag k="name" v="主街"/><tag k="maxspeed" v="36"/></way>
 <way id="11" version="1"><nd ref="5"/><nd ref="3"/><nd ref="6"/>
  <tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
 <way id="12" version="1"><nd ref="1"/><nd ref="6"/><tag k="highway" v="footway"/></way>
 <way id="13" version="1"><nd ref="4"/><nd ref="99"/><nd ref="98"/><tag k="highway" v="secondary"/></way>
 <way id="14" version="1"><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="6"/>
  <tag k="highway" v="service"/><tag k="junction" v="roundabout"/></way>
</osm>
"""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(EXTRACT, encoding="utf-8")
    return path


def test_ways_are_cut_at_crossings_and_end_where_the_extract_ends(extract):
    told: list[tuple[str, int]] = []
    net = read_extract(extract, lambda step, count: told.append((step, count)))
    assert dict(told) == {"ways": 4, "points": 8, "stretches": 5}
    both = [int(w) for w in net.way]
    assert both.count(10) == 4, "two pieces, each both ways"
    assert both.count(11) == 2 and both.count(14) == 1 and 12 not in both and 13 not in both
    assert set(net.names) == {"", "主街"}
    assert net.speed_km_h[net.way == 10].tolist() == [36.0] * 4
    there, back = (
        Travel(net).matrix([(8.68, 49.41)], [(8.70, 49.412)]),
        Travel(net).matrix([(8.70, 49.412)], [(8.68, 49.41)]),
    )
    assert there[0, 0] == pytest.approx(back[0, 0], rel=0.01)
    assert there[0, 0] == pytest.approx(1_465 / 10, rel=0.03)


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "primary"}, True, True),
        ({"highway": "primary", "oneway": "yes"}, True, False),
        ({"highway": "primary", "oneway": "-1"}, False, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
        ({"highway": "tertiary", "junction": "roundabout"}, True, False),
        ({"highway": "service", "access": "private"}, True, True),
    ],
)
def test_which_way_a_road_is_driven(tags, forward, backward):
    how = drivable(tags)
    assert how is not None and (how.forward, how.backward) == (forward, backward)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"}, {"highway": "steps"}, {"highway": "construction"}, {"building": "yes"},
        {"highway": "service", "access": "no"}, {"highway": "track", "motor_vehicle": "forestry"},
        {"highway": "service", "area": "yes"},
    ],
)  # fmt: skip
def test_what_no_vehicle_drives(tags):
    assert drivable(tags) is None
    assert tags.get("access") != "no" or drivable(tags | {"emergency": "yes"}) is not None


def test_speeds_are_read_and_else_those_of_the_class():
    own = {one.code: one.speed_km_h for one in road_classes()}
    tagged = {
        "50": 50.0,
        "30 mph": 30 * MILE_KM,
        "60 km/h": 60.0,
        "signals": own["primary"],
        "0": own["primary"],
    }
    for said, speed in tagged.items():
        how = drivable({"highway": "primary", "maxspeed": said})
        assert how is not None and how.speed_km_h == pytest.approx(speed), said
    assert all(0 < one.speed_km_h <= 120 and one.zh and one.en for one in road_classes())


def test_files_that_are_no_extract_are_told(tmp_path, extract):
    half = tmp_path / "half.osm"
    half.write_text(EXTRACT[:700], encoding="utf-8")
    empty = tmp_path / "empty.osm"
    empty.write_text('<osm version="0.6"></osm>', encoding="utf-8")
    noise = tmp_path / "noise.osm.pbf"
    noise.write_bytes(bytes(range(256)) * 20)
    for path in (half, empty, noise, tmp_path / "absent.osm.pbf"):
        with pytest.raises(BadExtract):
            read_extract(path)


@pytest.mark.shared
def test_a_real_centre_of_a_city_is_read_and_hangs_together():
    """Helsinki's centre, © OpenStreetMap contributors."""
    net = read_extract(REFERENCE / "data" / "roads" / "helsinki_centre.osm.pbf")
    assert net.size > 1_000
    rng = np.random.default_rng(7)
    points = [tuple(net.nodes[n]) for n in rng.integers(0, len(net.nodes), 30)]
    times = Travel(net).matrix(points, points)
    assert np.isfinite(times).all() and times.max() < 1_800
    for n in range(len(points)):
        assert (times <= times[:, [n]] + times[[n], :] + 1e-6).all(), (
            "no way round is quicker than the quickest"
        )
