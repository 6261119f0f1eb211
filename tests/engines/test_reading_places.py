"""Names of places: registered, by address, beside something, or heard."""

from jingwei.engines.reading.places import Gazetteer, Site, read_mention, stem

SITES = [
    Site(("人民医院", "People's Hospital"), 113.60, 34.75, ("金水区", "Jinshui"), ("花园路", "Huayuan Road")),
    Site(("锦绣花园", "Jinxiu Garden"), 113.61, 34.76, ("金水区", "Jinshui"), ("花园路", "Huayuan Road")),
    Site(("城北加油站",), 113.62, 34.78, ("金水区", "Jinshui"), ("花园路", "Huayuan Road")),
    Site(("老火车站",), 113.63, 34.74, ("二七区", "Erqi"), ("中原路", "Zhongyuan Road")),
]


def mention(text, told=""):
    return read_mention(text, told, Gazetteer(SITES))


def test_a_registered_name_is_found_in_either_language():
    assert mention("人民医院门诊楼着火了").key == mention("fire at the People's Hospital").key == "人民医院"


def test_the_span_is_the_name():
    text = "快来，锦绣花园着火了"
    found = mention(text)
    assert text[found.begin : found.end] == "锦绣花园"
    assert found.at


def test_beside_a_place_is_not_in_it():
    assert mention("人民医院旁边着火").level == "beside"
    assert mention("人民医院着火").level == "site"
    assert mention("smoke near the People's Hospital").level == "beside"


def test_a_building_and_a_house_number_are_read():
    assert mention("锦绣花园3号楼着火").building == 3
    assert mention("锦绣花园十二栋着火").building == 12
    assert mention("花园路25号着火").key == "花园路#25"


def test_a_street_and_a_district_are_less_exact():
    assert mention("花园路淹了").level == "street"
    assert mention("金水区下暴雨了").level == "district"


def test_traditional_and_full_width_writing_is_the_same_place():
    assert mention("人民醫院着火").key == "人民医院"
    assert mention("花园路２５号着火").key == "花园路#25"


def test_a_name_in_no_register_is_known_by_how_it_ends_or_by_what_is_filled_in():
    assert mention("东湖小区进水了").key == "东湖小区"
    assert mention("进水了", "望江楼茶馆旁边").key == "望江楼茶馆"


def test_vague_words_are_no_place():
    for text in ("我们小区进水了", "这个小区进水了", "附近着火了", "我家着火了"):
        assert mention(text) is None, text
    assert mention("着火了", "我家") is None


def test_a_name_heard_is_found_again():
    gazetteer = Gazetteer(SITES)
    read_mention("着火了", "望江楼茶馆", gazetteer)
    assert read_mention("望江楼茶馆着火了", "", gazetteer).key == "望江楼茶馆"


def test_the_stem_is_what_short_names_keep():
    assert stem("老火车站") == "火车"
    assert stem("the old mill") == "mill"


def test_the_check_of_names_fails_without_a_gazetteer():
    """Canary: with nothing registered the site is not found as such."""
    assert read_mention("城北加油站着火", "", Gazetteer(())).at == ()
    assert mention("城北加油站着火").at != ()
