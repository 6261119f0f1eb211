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


def test_a_point_lies_surely_where_all_named_points_about_as_near_say():
    row = Division.objects.get(code="410122")
    Site.objects.all().delete()
    Division.objects.exclude(code__in=["410122", "410105"]).update(lon=None, lat=None)
    assert queries.find_division_around(row.lon, row.lat) == queries.Around("410122", "named")
    other = Division.objects.get(code="410105")
    middle = (row.lon + other.lon) / 2, (row.lat + other.lat) / 2
    assert queries.find_division_around(*middle) == queries.Around("4101", "named")
    assert queries.find_division_around(90.0, 40.0) is None
    with pytest.raises(ValueError, match="no such point"):
        queries.find_division_around(200.0, 0.0)


def test_canary_the_nearest_alone_would_name_one_county(monkeypatch):
    from jingwei.apps.places.queries import nearest

    monkeypatch.setattr(nearest, "AS_NEAR", 1.0)
    monkeypatch.setattr(nearest, "ASTRAY_M", 0)
    row, other = Division.objects.get(code="410122"), Division.objects.get(code="410105")
    Site.objects.all().delete()
    Division.objects.exclude(code__in=["410122", "410105"]).update(lon=None, lat=None)
    nearer = row.lon * 0.6 + other.lon * 0.4, row.lat * 0.6 + other.lat * 0.4
    assert queries.find_division_around(*nearer) == queries.Around("410122", "named")
