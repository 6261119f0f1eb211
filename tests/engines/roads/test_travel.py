"""Travel times on small nets, against a plain search that knows nothing of arrays; closures; canaries."""

import heapq
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.engines.roads.closures import Closure, inside
from jingwei.engines.roads.net import BadNet, RoadNet, metres_of, net_of
from jingwei.engines.roads.travel import OFF_ROAD_KM_H, Travel, straight_s
from jingwei.kernel.lonlat import distance_m

LON, LAT = 8.68, 49.41
#: Degrees of a block of about 300 m.
STEP = 0.0027


@dataclass
class Street:
    """From crossing to crossing of the grid."""

    a: tuple[int, int]
    b: tuple[int, int]
    km_h: float = 36.0
    both: bool = True
    name: str = ""


def at(cell: tuple[int, int]) -> tuple[float, float]:
    return LON + STEP * cell[0], LAT + STEP * cell[1]


def net_from(streets: list[Street]) -> RoadNet:
    cells = sorted({c for s in streets for c in (s.a, s.b)})
    number = {c: n for n, c in enumerate(cells)}
    rows = []
    shape, cuts, names = [], [0], [""]
    for line, s in enumerate(streets):
        shape += [at(s.a), at(s.b)]
        cuts.append(len(shape))
        names.append(s.name or f"street {line}")
        length = float(metres_of(np.array([at(s.a), at(s.b)]))[0])
        rows.append((number[s.a], number[s.b], length, s.km_h, line, False))
        if s.both:
            rows.append((number[s.b], number[s.a], length, s.km_h, line, True))
    tail, head, length_m, speed, of, flipped = (np.array(x) for x in zip(*rows, strict=True))
    return RoadNet(
        nodes=np.array([at(c) for c in cells]), tail=tail, head=head, length_m=length_m, speed_km_h=speed,
        kind=np.zeros(len(rows)), way=of, line=of, flipped=flipped.astype(bool), name=of + 1,
        names=tuple(names), cuts=np.array(cuts), shape=np.array(shape),
    )  # fmt: skip


def plainly(net: RoadNet, source: int, target: int, closed: frozenset[int] = frozenset()) -> float:
    """Seconds between two crossings, by a search over a dictionary. `closed`: lines."""
    out: dict[int, list[tuple[int, float]]] = {}
    for n in range(net.size):
        if int(net.line[n]) not in closed:
            took = float(net.length_m[n] / (net.speed_km_h[n] / 3.6))
            out.setdefault(int(net.tail[n]), []).append((int(net.head[n]), took))
    best, open_ = {source: 0.0}, [(0.0, source)]
    while open_:
        came, node = heapq.heappop(open_)
        if node == target:
            return came
        for other, took in out.get(node, ()):
            if came + took < best.get(other, math.inf):
                best[other] = came + took
                heapq.heappush(open_, (came + took, other))
    return math.inf


def ring(size: int = 4) -> list[Street]:
    """A grid of streets, all driven both ways."""
    return [Street((x, y), (x + 1, y)) for x in range(size - 1) for y in range(size)] + [
        Street((x, y), (x, y + 1)) for x in range(size) for y in range(size - 1)
    ]


CELLS = st.tuples(st.integers(0, 3), st.integers(0, 3))


@st.composite
def nets(draw):
    """A grid in which some streets are one-way, slow, or doubled by another one."""
    streets = ring()
    for n in range(len(streets)):
        streets[n].km_h = draw(st.sampled_from((12.0, 36.0, 60.0)))
        streets[n].both = draw(st.integers(0, 3)) > 0
    for _ in range(draw(st.integers(0, 4))):
        streets.append(Street(draw(CELLS), draw(CELLS), draw(st.sampled_from((20.0, 80.0)))))
    return net_from([s for s in streets if s.a != s.b])


@settings(max_examples=60, deadline=None)
@given(nets(), st.data())
def test_times_between_crossings_are_those_of_a_plain_search(net, data):
    pick = st.lists(st.integers(0, len(net.nodes) - 1), min_size=1, max_size=4, unique=True)
    sources, targets = data.draw(pick), data.draw(pick)
    joined = set(net.marks.line[net.marks.joined])
    ends = {n for n in range(len(net.nodes)) if any(
        int(net.line[e]) in joined for e in range(net.size) if n in (net.tail[e], net.head[e])
    )}  # fmt: skip
    points = [tuple(p) for p in net.nodes]
    found = Travel(net).matrix([points[n] for n in sources], [points[n] for n in targets])
    for i, source in enumerate(sources):
        for j, target in enumerate(targets):
            if source in ends and target in ends:  # others enter the net somewhere else
                assert found[i, j] == pytest.approx(plainly(net, source, target), abs=0.05)


def test_canary_a_search_that_drives_one_way_streets_both_ways_is_seen():
    streets = [Street((0, 0), (1, 0), both=False), Street((1, 0), (1, 1)), Street((1, 1), (0, 0))]
    right, wrong = net_from(streets), net_from([Street(s.a, s.b) for s in streets])
    back = [at((1, 0))], [at((0, 0))]
    one, other = Travel(right).matrix(*back)[0, 0], Travel(wrong).matrix(*back)[0, 0]
    assert one == pytest.approx(plainly(right, 1, 0), abs=0.05)
    assert other != pytest.approx(plainly(right, 1, 0), abs=5)


def test_a_point_in_the_midst_of_a_street_leaves_it_either_way_and_arrives_along_it():
    net = net_from(ring())
    lon, lat = at((0, 0))
    near, far = (lon + STEP / 4, lat), (lon + 3 * STEP / 4, lat)
    length = float(net.length_m[0])
    found = Travel(net).matrix([near, far], [far, near, at((0, 0))])
    assert found[0, 0] == found[1, 1] == pytest.approx(length / 2 / 10, rel=0.1), "36 km/h are 10 m/s"
    assert found[0, 2] == pytest.approx(length / 4 / 10, rel=0.1)
    oneway = net_from([Street((0, 0), (1, 0), both=False), *ring()[1:]])
    there, back = Travel(oneway).matrix([near, far], [far, near])[[0, 1], [0, 1]]
    assert there < length / 10 < back, "back it is round the block"


def test_off_the_road_one_moves_slowly_and_too_far_off_not_at_all():
    net = net_from(ring())
    lon, lat = at((1, 0))
    found = Travel(net).matrix([(lon, lat - 0.001), (lon, lat - 0.2)], [(lon, lat)])
    assert found[0, 0] == pytest.approx(111.2 / (OFF_ROAD_KM_H / 3.6), rel=0.05)
    assert math.isinf(found[1, 0])


def test_a_closed_road_is_gone_round_at_once_and_a_slow_one_takes_longer():
    net = net_from(ring())
    a, b = at((0, 0)), at((1, 0))
    middle = (a[0] + STEP / 2, a[1])
    free = Travel(net).matrix([a], [b])[0, 0]
    closed = Travel(net, [Closure("point", (middle,), 20.0)]).matrix([a], [b])[0, 0]
    assert closed == pytest.approx(plainly(net, 0, 4, frozenset({0})), abs=0.05)
    assert closed > 2.5 * free
    along = Closure("line", (a, b), 10.0, 0.5)
    assert Travel(net, [along]).matrix([a], [b])[0, 0] == pytest.approx(2 * free, rel=0.1)


def test_canary_a_closure_that_is_left_out_changes_nothing():
    net = net_from(ring())
    a, b = at((0, 0)), at((1, 0))
    elsewhere = Closure("point", (at((3, 3)),), 20.0)
    assert Travel(net, [elsewhere]).matrix([a], [b])[0, 0] == Travel(net).matrix([a], [b])[0, 0]


def test_all_roads_of_an_area_are_closed_and_whoever_is_inside_does_not_get_out():
    net = net_from(ring())
    low, high = at((1, 1)), at((2, 2))
    edge = STEP / 3
    area = ((low[0] - edge, low[1] - edge), (high[0] + edge, low[1] - edge), (high[0] + edge, high[1] + edge),
            (low[0] - edge, high[1] + edge))  # fmt: skip
    travel = Travel(net, [Closure("area", area)])
    assert math.isinf(travel.matrix([at((1, 1))], [at((0, 0))])[0, 0])
    assert travel.route(at((1, 1)), at((0, 0))) is None
    assert math.isfinite(travel.matrix([at((0, 0))], [at((3, 3))])[0, 0]), "round it"


def test_a_small_closure_between_two_known_points_of_a_long_road_closes_it():
    net = net_from(
        [Street((0, 0), (9, 0)), Street((9, 0), (9, 1)), Street((9, 1), (0, 1)), Street((0, 1), (0, 0))]
    )
    for share in (0.11, 0.312, 0.5, 0.777):
        spot = (LON + 9 * STEP * share, LAT)
        found = Travel(net, [Closure("point", (spot,), 2.0)]).matrix([at((0, 0))], [at((9, 0))])[0, 0]
        assert found == pytest.approx(plainly(net, 0, 2, frozenset({0})), abs=0.1), share


def test_a_route_is_as_long_as_the_matrix_says_and_tells_its_streets():
    net = net_from(
        [Street((0, 0), (1, 0), name="A"), Street((1, 0), (1, 1), name="B"), Street((1, 1), (2, 1), name="C")]
    )
    travel = Travel(net)
    lon, lat = at((0, 0))
    source, target = (lon + STEP / 3, lat), (at((2, 1))[0] - STEP / 3, at((2, 1))[1])
    route = travel.route(source, target)
    assert route is not None and route.streets == ("A", "B", "C")
    assert route.travel_s == pytest.approx(travel.matrix([source], [target])[0, 0])
    assert route.length_m == pytest.approx(float(np.sum(metres_of(np.array(route.line)))), rel=1e-6)
    assert distance_m(*route.line[0], *source) < 40 and distance_m(*route.line[-1], *target) < 40
    same = travel.route(source, (lon + STEP * 2 / 3, lat))
    assert same is not None and same.streets == ("A",) and len(same.line) == 2


def test_what_is_reached_grows_with_time_and_holds_what_the_matrix_says():
    net = net_from(ring())
    travel, source = Travel(net), at((0, 0))
    some, more = travel.within(source, 40), travel.within(source, 80)
    assert 0 < len(some) < len(more) < len(net.marks.xy)
    times = travel.matrix([source], [tuple(p) for p in more])[0]
    assert times.max() <= 80 + 25, "the next known point of a road is at most 60 m off"
    assert len(travel.within(source, 10**6)) == len(net.marks.xy)


def test_bands_hold_each_point_once_and_together_what_is_reached():
    travel, source = Travel(net_from(ring())), at((0, 0))
    bands = travel.bands(source, (40, 80))
    assert [len(one) for one in bands] == [
        len(travel.within(source, 40)),
        len(travel.within(source, 80)) - len(travel.within(source, 40)),
    ]


def test_a_net_is_kept_as_bytes_and_broken_ones_are_told():
    net = net_from(ring())
    again = net_of(net.to_bytes())
    assert again.names == net.names and (again.tail == net.tail).all()
    assert (
        Travel(again).matrix([at((0, 0))], [at((3, 3))]) == Travel(net).matrix([at((0, 0))], [at((3, 3))])
    ).all()
    for broken in (b"", b"PK\x03\x04", net.to_bytes()[:200], b"x" * 500):
        with pytest.raises(BadNet):
            net_of(broken)


def test_what_cannot_be_left_is_no_place_to_enter_the_net():
    """An extract's edge: a one-way road out, without a way back."""
    net = net_from([*ring(), Street((3, 0), (5, 0), both=False)])
    lon, lat = at((4, 0))
    found = Travel(net).matrix([(lon, lat)], [at((0, 0))])
    assert math.isfinite(found[0, 0]), "it enters at the nearest road that leads on"
    assert not net.marks.joined[net.marks.line == len(ring())].any()


def test_inside_a_ring():
    square = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)])
    points = np.array([(1.0, 1.0), (2.0, 3.0), (3.5, 3.0), (5.0, 1.0), (-1.0, 0.5)])
    assert inside(points, square).tolist() == [True, False, True, False, False]


def test_without_a_net_it_is_distance_times_a_factor():
    one, other = (113.6, 34.7), (113.7, 34.7)
    assert distance_m(*one, *other) == pytest.approx(9_142, rel=0.01)
    assert straight_s(one, other, detour=1.5, speed_km_h=36) == pytest.approx(distance_m(*one, *other) * 0.15)


def test_nothing_asked_is_nothing_answered():
    travel = Travel(net_from(ring()))
    assert travel.matrix([], [at((0, 0))]).shape == (0, 1)
    assert travel.matrix([at((0, 0))], []).shape == (1, 0)
