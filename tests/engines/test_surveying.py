"""Lengths and areas that one can check by hand."""

import math

from jingwei.engines.surveying import area_m2, length_m
from jingwei.kernel.lonlat import EARTH_RADIUS_M


def test_a_degree_along_the_equator_and_along_a_meridian():
    degree = math.pi * EARTH_RADIUS_M / 180
    assert abs(length_m([(0, 0), (1, 0)]) - degree) < 1
    assert abs(length_m([(113, 34), (113, 35), (113, 34)]) - 2 * degree) < 1
    assert length_m([]) == length_m([(1, 1)]) == 0


def test_an_eighth_of_the_sphere():
    octant = [(0, 0), (90, 0), (90, 90), (0, 90)]
    assert abs(area_m2(octant) / (4 * math.pi * EARTH_RADIUS_M**2 / 8) - 1) < 1e-9


def test_a_square_kilometre_whichever_way_round_and_closed_or_not():
    high = 1000 / (math.pi * EARTH_RADIUS_M / 180)
    wide = high / math.cos(math.radians(34.7))
    ring = [(113.6, 34.7), (113.6 + wide, 34.7), (113.6 + wide, 34.7 + high), (113.6, 34.7 + high)]
    for one in (ring, ring[::-1], [*ring, ring[0]]):
        assert abs(area_m2(one) / 1e6 - 1) < 0.001


def test_across_the_date_line_it_is_as_small_as_anywhere():
    ring = [(179.9, 0), (-179.9, 0), (-179.9, 0.2), (179.9, 0.2)]
    same = [(lon - 179, lat) for lon, lat in [(179.9, 0), (180.1, 0), (180.1, 0.2), (179.9, 0.2)]]
    assert abs(area_m2(ring) / area_m2(same) - 1) < 1e-9
    assert area_m2([(0, 0), (1, 1)]) == 0
