"""What codes and names say; and what a table of places must look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.apps.places import rules
from jingwei.apps.places.facts import DivisionRow, SiteRow
from jingwei.apps.places.rules import PlaceRefused


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("41", 1, ""),
        ("4101", 2, "41"),
        ("410182", 3, "4101"),
        ("410182109", 4, "410182"),
        ("410182109211", 5, "410182109"),
    ],
)
def test_level_and_parent_follow_from_the_code(code, level, parent):
    assert (rules.level_of(code), rules.parent_of(code)) == (level, parent)


def test_ancestors_come_from_the_top():
    assert rules.ancestors("410182109211") == ["41", "4101", "410182", "410182109"]


def test_a_path_leaves_out_names_nobody_says():
    assert rules.path_text(["河南省", "省直辖县级行政区划", "济源市"]) == "河南省 济源市"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("郑州 荥阳", ["郑州", "荥阳"]),
        ("郑州　荥阳", ["郑州", "荥阳"]),
        ("郑州，荥阳、崔庙", ["郑州", "荥阳", "崔庙"]),
        ("ＸＩＮＧ Yang", ["xing", "yang"]),
        ("  ", []),
    ],
)
def test_words_of_a_query(query, words):
    assert rules.words(query) == words


@pytest.mark.parametrize(
    ("word", "behind"), [("zz", ""), ("a", "b"), ("az", "b"), ("zhz", "zi"), ("ay", "az")]
)
def test_what_begins_so_ends_before_the_next_letters(word, behind):
    assert rules.after_letters(word) == behind


def test_what_every_village_is_called_is_no_way_to_find_it():
    assert rules.grams_of("王宗店村委会") == {"宗店"}
    assert rules.pairs_of("宗店村") == ["宗店"]


@given(st.text())
def test_a_search_key_is_its_own_search_key_and_keeps_no_space(text):
    key = rules.search_key(text)
    assert " " not in key and "\u3000" not in key


def site(**changes):
    fields = {
        "id": "test-site",
        "place": "4101",
        "kind": "reservoir",
        "name_zh": "某水库",
        "name_en": "Some reservoir",
        "lon": 113.0,
        "lat": 34.0,
        "precision": "approximate",
        "source": "our estimate",
    }
    return SiteRow(**(fields | changes))


@pytest.mark.parametrize(
    "row",
    [
        site(id="Bad Id"),
        site(place=""),
        site(place="12345"),
        site(lon=190.0),
        site(precision="fairly"),
        site(precision="none"),
        site(source=""),
        site(name_zh=" "),
    ],
)
def test_a_bad_site_is_refused(row):
    rules.check_site(site())
    with pytest.raises(PlaceRefused) as refused:
        rules.check_site(row)
    assert refused.value.code == "places_table_bad"


@pytest.mark.parametrize(
    "row",
    [
        DivisionRow(code="", name="无码"),
        DivisionRow(code="12345", name="错码"),
        DivisionRow(code="4101", name=" "),
        DivisionRow(code="4101", name="郑州市", lon=113.0, precision="approximate"),
        DivisionRow(code="4101", name="郑州市", lon=113.0, lat=34.0),
        DivisionRow(code="4101", name="郑州市", precision="exact"),
    ],
)
def test_a_bad_division_is_refused(row):
    with pytest.raises(PlaceRefused) as refused:
        rules.check_division(row)
    assert refused.value.code == "places_table_bad"
