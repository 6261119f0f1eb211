"""The pages of places: found, walked down, and led on from codes of former years."""

import pytest
from django.test import Client

from jingwei.apps.places import actions
from jingwei.apps.places.models import Division
from tests.doors.web.test_pages import signed_in
from tests.rights import a_holding, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db) -> Client:
    actions.load_shipped_places(by=a_holding("operator"), moment=moment())
    return signed_in("zhongyu")


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_tree_begins_with_the_provinces_and_leads_down(client):
    assert 'href="/places/41"' in text_of(client, "/places")
    assert 'href="/places/4101"' in text_of(client, "/places/410000")
    page = text_of(client, "/places/410182109")
    assert "崔庙镇" in page and 'href="/places/410182"' in page and 'href="/places/410182109211"' in page


def test_a_code_of_a_former_year_leads_on_and_the_new_one_names_the_old(client):
    old = text_of(client, "/places/410381")
    assert 'href="/places/410307"' in old and "偃师市" in old
    assert "孟津县" in text_of(client, "/places/410308")


def test_a_code_nobody_knows_is_not_found(client):
    text_of(client, "/places/999999", 404)
    text_of(client, "/places/nowhere", 404)


def test_a_search_is_paged_and_says_former_names(client):
    assert "from=50" in text_of(client, "/places?q=王庄")
    assert "孟津县" in text_of(client, "/places?q=孟津县")
    assert "没有这个名称" in text_of(client, "/places?q=不存在的地方")


def test_without_divisions_the_page_says_what_to_do_first(client):
    Division.objects.all().delete()
    assert "jingwei load" in text_of(client, "/places")


def test_who_is_not_signed_in_is_asked_to(db):
    assert Client().get("/places").status_code == 302


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("lon=113.65&lat=34.76", "大致"),
        ("lon=90&lat=40", "30 公里内没有"),
        ("lon=nan&lat=34", "不是有效的经纬度"),
        ("lon=113&lat=", "不是有效的经纬度"),
        ("lon=<script>&lat=999", "不是有效的经纬度"),
    ],
)
def test_the_place_of_a_point_is_approximate_or_nothing(client, query, word):
    page = text_of(client, f"/places?{query}")
    assert word in page and "<script>&" not in page
    assert ('href="/places/4101' in page) == (word == "大致")
