"""Reports on the map: with a point, received by then, of what the post sees."""

from datetime import timedelta

import pytest

from jingwei.apps.reports import queries
from jingwei.engines.cells import WORLD, Grid
from tests.builders import STORM, authority_of, holding_of, receive, told

pytestmark = pytest.mark.django_db


def total(until, since=None, user="lisiyuan"):
    authority = authority_of(user)
    cells = queries.count_report_cells(WORLD, Grid(9), authority=authority, since=since, until=until)
    listed = queries.list_report_points(WORLD, authority=authority, since=since, until=until, limit=100)
    assert sum(cell.count for cell in cells) == len(listed)
    return len(listed)


def test_reports_come_onto_the_map_when_they_were_received():
    by, hour = holding_of("lisiyuan"), timedelta(hours=1)
    for n in range(5):
        receive(told(f"水{n}", lon=113.6 + n / 50, lat=34.7), by=by, at=STORM + n * hour)
    receive(told("无坐标"), told("洛阳", place="4103", lon=112.4, lat=34.6), by=by, at=STORM)
    receive(told("", raw="{", kind="", place=""), by=by, at=STORM)
    assert [total(STORM + h * hour) for h in (-1, 0, 2.5, 9)] == [0, 1, 3, 5]
    assert total(STORM + 4 * hour, since=STORM + 2 * hour) == 2
    assert total(STORM + 9 * hour, user="baishuyan") == 6, "the province sees Luoyang's too"


def test_one_alone_is_found_by_its_id_and_only_by_who_sees_it():
    (there,) = receive(told("洛阳", place="4103", lon=112.4, lat=34.6), by=holding_of("baishuyan"), at=STORM)
    above = authority_of("baishuyan")
    (cell,) = queries.count_report_cells(WORLD, Grid(9), authority=above, since=None, until=STORM)
    assert queries.list_report_points_by_id([cell.only], authority=above)[cell.only].id == there.id
    assert queries.list_report_points_by_id([cell.only], authority=authority_of("lisiyuan")) == {}
