"""The place of a point by the nearest named point: always approximate, and nothing when none is near."""

import pytest
from django.db import transaction

from jingwei.apps.places import queries
from jingwei.apps.places.models import Division, Site
from jingwei.kernel.lonlat import distance_m

pytestmark = pytest.mark.django_db


def test_every_own_point_leads_to_its_own_place_or_one_as_near():
    rows = list(Division.objects.filter(lon__isnull=False, valid_to=""))
    assert len(rows) > 10
    for row in rows:
        found = queries.find_place_at(row.lon, row.lat)
        assert found is not None and found.distance_m < 1, row.code
        assert found.precision == "approximate"


def test_the_nearest_wins_over_all_others_as_counted_one_by_one():
    lon, lat = 113.60, 34.70
    points = [(r.lon, r.lat) for r in Division.objects.filter(lon__isnull=False)]
    points += [(r.lon, r.lat) for r in Site.objects.all()]
    least = min(distance_m(lon, lat, *point) for point in points)
    found = queries.find_place_at(lon, lat)
    assert found is not None and found.distance_m == pytest.approx(least)
    assert found.code.startswith("4101") and found.path


def test_far_from_every_named_point_nothing_is_said():
    assert queries.find_place_at(90.0, 40.0) is None
    assert queries.find_place_at(0.0, 90.0) is None
    with pytest.raises(ValueError, match="no such point"):
        queries.find_place_at(200.0, 0.0)


def test_a_division_that_ended_is_nobodys_place():
    row = Division.objects.filter(lon__isnull=False, level=3).first()
    with transaction.atomic():
        Division.objects.filter(pk=row.pk).update(valid_to="2024")
        Site.objects.filter(place=row.pk).delete()
    found = queries.find_place_at(row.lon, row.lat)
    assert found is None or found.code != row.pk
