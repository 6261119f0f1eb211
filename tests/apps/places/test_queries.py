"""Places are found by name, code and path, and drawn where we know them to be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.apps.places import actions, queries
from jingwei.apps.places.facts import SITE_LEVEL
from jingwei.apps.places.models import NamePart
from jingwei.apps.places.rules import PlaceRefused
from jingwei.kernel.lonlat import distance_m
from tests.rights import a_holding, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def henan(db):
    if queries.count_divisions() < 55_164:
        actions.load_shipped_places(by=a_holding("operator"), moment=moment())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("荥阳", "410182"),
        ("荥阳市", "410182"),
        ("郑州", "4101"),
        ("郑州 荥阳", "410182"),
        ("郑州荥阳", "410182"),
        ("荥阳 崔庙", "410182109"),
        ("荥阳崔庙", "410182109"),
        ("郑州市荥阳市崔庙镇", "410182109"),
        ("河南省郑州市荥阳市崔庙镇崔庙", "410182109201"),
        ("410182", "410182"),
        ("410100", "4101"),
        ("410000", "41"),
        ("４１０１８２", "410182"),
        ("金水", "410105"),
        ("Xingyang", "410182"),
        ("xing yang", "410182"),
        ("Jinshui District", "410105"),
        ("Zhengzhou Xingyang", "410182"),
        ("济源五龙口", "419001101"),
        ("荥", "410182"),
        ("郑州经济技术开发区", "410171"),
        ("郑州 中原 须水", "410102012"),
        ("zzs", "4101"),
        ("zmx", "410122"),
        ("zz zyq", "410102"),
        ("偃师市", "410307"),
    ],
)
def test_search_finds_first(query, first):
    found = queries.search_places(query)
    assert (found[0].code, found[0].site) == (first, "")


@pytest.mark.parametrize(
    ("query", "site"),
    [
        ("常庄水库", "zz-changzhuang-reservoir"),
        ("京广北路隧道", "zz-jingguang-north-tunnel"),
        ("沙口路", "zz-metro5-shakoulu"),
        ("郑州 郭家咀", "zz-guojiazui-reservoir"),
        ("Guojiazui", "zz-guojiazui-reservoir"),
    ],
)
def test_search_finds_sites(query, site):
    found = queries.search_places(query)
    assert found[0].site == site
    assert (found[0].level, found[0].precision) == (SITE_LEVEL, "approximate")


def test_higher_levels_come_first_and_sites_after_the_counties():
    levels = [hit.level for hit in queries.search_places("常庄", limit=20)]
    ranks = [3.5 if level == SITE_LEVEL else level for level in levels]
    assert ranks == sorted(ranks) and SITE_LEVEL in levels


def test_search_stays_within_the_place_asked():
    inside = queries.search_places("王庄", within="410182", limit=50)
    assert inside and all(hit.code.startswith("410182") for hit in inside)
    assert queries.search_places("410181", within="410182") == []


@pytest.mark.parametrize(
    "query", ["", "  ", "不存在的地方", "%", "_", "' OR 1=1", "郑州 不存在", "\x00", "9" * 40]
)
def test_search_for_nothing_finds_nothing(query):
    assert queries.search_places(query) == []


def test_search_gives_no_more_than_asked():
    assert len(queries.search_places("王庄", limit=7)) == 7
    assert queries.search_places("王庄", limit=0) == []


def test_pages_follow_one_another_without_gap_or_repeat():
    whole = [hit.code for hit in queries.search_places("王庄", limit=30)]
    parts = [hit.code for n in (0, 10, 20) for hit in queries.search_places("王庄", limit=10, offset=n)]
    assert len(set(whole)) == 30 and parts == whole
    assert queries.search_places("王庄", offset=5_000) == []


def test_a_name_is_found_by_what_stands_inside_it():
    assert "410182109211" in {hit.code for hit in queries.search_places("宗店村")}
    assert {hit.code for hit in queries.search_places("宗店", within="410182109")} == {"410182109211"}


def test_canary_without_its_pairs_of_characters_a_name_is_not_found_inside():
    NamePart.objects.filter(gram="宗店").delete()
    assert "410182109211" not in {hit.code for hit in queries.search_places("宗店") if not hit.site}


@pytest.mark.parametrize("query", ["荥阳", "郑州 荥阳", "郑州市荥阳市崔庙镇王宗店村", "宗店", "不存在的"])
def test_search_asks_the_database_a_few_times_only(query):
    """However many divisions there are: a fixed number of questions for each word and each holder tried."""
    with CaptureQueriesContext(connection) as asked:
        queries.search_places(query)
    assert 0 < len(asked) <= 20, len(asked)


def test_names_and_paths_in_both_languages():
    assert queries.name_of("410182", "zh") == "荥阳市"
    assert queries.name_of("410182", "en") == "Xingyang"
    assert queries.name_of("410182109211", "en") == "王宗店村委会"
    assert queries.name_of("410100", "en") == "Zhengzhou"
    assert queries.name_of("zz-changzhuang-reservoir", "en") == "Changzhuang Reservoir"
    assert queries.name_of("nowhere") == "nowhere" and queries.name_of("") == ""
    assert queries.path_of("410182109") == "河南省 郑州市 荥阳市 崔庙镇"
    assert queries.path_of("410182", "en") == "Henan, Zhengzhou, Xingyang"
    assert queries.path_of("zz-changzhuang-reservoir") == "河南省 郑州市 中原区"


def test_get_refuses_what_find_does_not_know():
    assert queries.find_division("999999") is None
    with pytest.raises(PlaceRefused) as refused:
        queries.get_division("999999")
    assert refused.value.code == "place_unknown"
    assert queries.get_division("410100").code == "4101"
    assert queries.list_known_codes({"4101", "999999"}) == {"4101"}


def test_children_of_a_place():
    assert len(queries.list_children("4101")) == 15
    assert [row.code for row in queries.list_children("")] == ["41"]


def test_every_district_of_zhengzhou_and_every_prefecture_has_a_point():
    for row in [*queries.list_children("4101"), *queries.list_children("41")]:
        if row.code != "4190":
            assert queries.point_of(row.code).of == row.code, row.name


def test_no_estimate_is_called_exact():
    points = queries.list_points()
    assert points
    assert all(p.precision == "approximate" for p in points if "our estimate" in p.source)
    assert all(p.source for p in points)


def test_points_lie_in_henan_and_sites_near_what_holds_them():
    for point in queries.list_points():
        assert 110.3 < point.lon < 116.7 and 31.3 < point.lat < 36.4, point
    for site in queries.list_sites(within="4101"):
        seat = queries.point_of(site.place)
        assert distance_m(site.lon, site.lat, seat.lon, seat.lat) < 30_000, site.id


def test_a_place_without_a_point_is_drawn_at_its_parents_and_says_so():
    point = queries.point_of("410182109201")
    assert (point.of, point.precision) == ("410182109", "approximate")
    assert queries.point_of("999999") is None and queries.point_of("nowhere") is None


def test_points_inside_a_place():
    names = {point.of for point in queries.list_points(within="4101")}
    assert {"4101", "410182", "zz-changzhuang-reservoir"} <= names and "4102" not in names
    assert all(point.level == 3 for point in queries.list_points(within="4101", level=3, sites=False))
