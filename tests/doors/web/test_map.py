"""The map's page without script: marks by right, exact counts, earlier times, coordinates, measuring."""

import re
from datetime import timedelta
from html import unescape

import pytest

from jingwei.apps.incidents import actions as incidents
from jingwei.apps.incidents.models import Incident
from jingwei.apps.registers import actions as registers
from jingwei.doors.entry import headers, mapping
from jingwei.doors.entry.moments import this_moment
from tests.builders import an_incident, holding_of
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db

AT = "at=113.65000,34.75000"


def page(path: str, language: str = "zh-hans", user: str = "lisiyuan") -> str:
    answer = signed_in(user, language).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def a_shelter(n: int, place: str = "4101", **values: object) -> None:
    given = {"name": f"避难场所{n}", "place": place, "kind": "1", "lon": 113.6 + n / 1000, "lat": 34.7}
    registers.add_row(
        "shelters",
        given | {"kind": registers_kind()} | values,
        by=holding_of("zhongyu"),
        moment=this_moment(),
    )


def registers_kind() -> str:
    from jingwei.apps.registers.queries import get_register

    column = get_register("shelters").column("kind")
    assert column is not None
    return column.choices[0].code


def an_open_incident(**changes: object) -> Incident:
    now = this_moment().at
    return an_incident(
        **{"lon": 113.64, "lat": 34.76, "opened_at": now - timedelta(hours=5), "last_at": now, **changes}
    )


def marks(text: str) -> list[dict[str, str]]:
    """What the drawing holds: the attributes of each mark."""
    found = re.findall(r'<a class="mk" ([^>]*)>', text)
    return [{k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', one)} for one in found]


def total(text: str) -> int:
    return sum(int(one["data-count"]) for one in marks(text))


def test_nobody_sees_the_map_without_signing_in(client):
    assert client.get("/map")["location"].startswith("/sign-in")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_incident_is_a_square_with_its_name_and_a_link_to_its_room(language):
    row = an_open_incident(judged_grade=2)
    text = page("/map", language)
    (one,) = marks(text)
    assert one["href"] == f"/incidents/{row.id}"
    assert (row.title_zh if language == "zh-hans" else row.title_en) in one["aria-label"] and "II" in one[
        "aria-label"
    ]
    assert text.count(f"/incidents/{row.id}") >= 2, "and it stands in the list below"


def test_many_rows_are_few_marks_whose_numbers_add_up():
    for n in range(30):
        a_shelter(n)
    a_shelter(99, lon=None, lat=None)
    text = page(f"/map?l=shelters&{AT}&z=9")
    assert total(text) == 30 and len(marks(text)) < 10
    closer = page("/map?l=shelters&at=113.61450,34.70000&z=16")
    assert total(closer) < 30 and any(one["href"].startswith("/registers/shelters/") for one in marks(closer))


def test_a_number_opens_closer_until_each_stands_alone():
    for n in range(3):
        a_shelter(n)
    client = signed_in("lisiyuan")
    path, seen = f"/map?l=shelters&{AT}&z=6", []
    for _ in range(12):
        text = client.get(path).content.decode()
        seen.append(total(text))
        many = [one for one in marks(text) if "data-zooms" in one or int(one["data-count"]) > 1]
        if not many:
            break
        path = many[0]["href"]
    assert seen[0] == 3 and not many
    assert {one["data-name"] for one in marks(text)} <= {f"避难场所{n}" for n in range(3)}


def test_several_on_one_spot_lead_to_the_list():
    for n in range(3):
        a_shelter(n, lon=113.6, lat=34.7)
    (one,) = marks(page(f"/map?l=shelters&{AT}&z=9"))
    assert one["href"].endswith("#map-list") and one["data-count"] == "3"
    text = page(one["href"].split("#")[0])
    assert all(f"避难场所{n}" in text for n in range(3))


def test_one_county_over_sees_neither_mark_nor_name():
    an_open_incident(title_zh="荥阳的事", place="410182")
    a_shelter(1, place="410182")
    here, there = (
        page(f"/map?l=incidents&l=shelters&{AT}&z=9"),
        page(f"/map?l=incidents&l=shelters&{AT}&z=9", user="luoruchuan"),
    )
    assert total(here) == 2 and "荥阳的事" in here
    assert total(there) == 0 and "避难场所1" not in there and "荥阳的事" not in there


def test_canary_with_another_posts_eyes_the_name_is_there(monkeypatch):
    """What keeps the county over from seeing it is the post alone."""
    a_shelter(1, place="410182")
    assert total(page(f"/map?l=shelters&{AT}&z=9", user="luoruchuan")) == 0
    from tests.builders import authority_of

    above, gather = authority_of("lisiyuan"), mapping.gather
    monkeypatch.setattr(mapping, "gather", lambda asked, **_: gather(asked, authority=above))
    assert total(page(f"/map?l=shelters&{AT}&z=9", user="luoruchuan")) == 1


def test_it_shows_an_earlier_time_by_the_slider_and_by_a_written_time():
    row = an_open_incident()
    incidents.close_incident(
        row.id, reason="已处置", version=row.version, by=holding_of("hejing"), moment=this_moment()
    )
    assert total(page(f"/map?{AT}&z=9")) == 0
    back = page(f"/map?{AT}&z=9&back=2")
    assert total(back) == 1 and "当时态势" in back and 'value="2"' in back
    assert total(page(f"/map?{AT}&z=9&back=9")) == 0
    written = (this_moment().at - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert total(page(f"/map?{AT}&z=9&t={written}")) == 1
    earlier = re.search(r'href="(/map[^"]*)">早一小时', back)
    assert earlier and "t=" in earlier[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("34°45′12″N 113°39′55″E", "按所标方向读取"), ("113.66528,34.75333", "只有一个可能是经度"),
     ("34.75333,113.66528", "只有一个可能是经度"), ("49SGU 43969 48925", "米制方格"),
     ("GCJ-02 113.671382,34.752221", "已由 GCJ-02 换算")],
)  # fmt: skip
def test_a_typed_coordinate_in_any_form_is_gone_to_and_said(typed, said):
    text = signed_in("lisiyuan").get("/map", {"go": typed}).content.decode()
    assert said in text and "34°45′12.0″N 113°39′55" in text and 'class="pin"' in text
    assert "GCJ-02" in text and "非 WGS 84" in text


def test_an_ambiguous_one_offers_the_other_order():
    text = signed_in("lisiyuan").get("/map", {"go": "35.5, 40.5"}).content.decode()
    assert "已取离当前地图较近的一点" in text
    other = re.search(r'href="([^"]*)">换成另一种顺序', text)
    assert other and "at=35.50000,40.50000" in unescape(other[1])


def test_what_is_no_coordinate_is_said_with_examples_and_kept():
    text = signed_in("lisiyuan").get("/map", {"go": "郑州东站"}).content.decode()
    assert "无法识别为坐标" in text and 'value="郑州东站"' in text and "aria-invalid" in text


def test_points_are_measured_by_links_alone():
    client, measured = signed_in("lisiyuan"), ""
    for n, here in enumerate(("113.65000,34.75000", "113.75000,34.75000", "113.75000,34.85000"), start=1):
        at = f"at={here}&z=9" + (f"&m={measured}" if measured else "")
        text = client.get(f"/map?{at}").content.decode()
        add = re.search(r'href="([^"]*)">加入地图中心点', text)
        assert add
        measured = re.search(r"m=([^&]*)", unescape(add[1]))[1]
        text = client.get(unescape(add[1])).content.decode()
        assert f"{n} 个点" in text
    assert "内部面积" in text and 'class="measured"' in text
    assert "20.26 km" in text, "9.14 east and 11.12 north"
    begin = re.search(r'href="([^"]*)">重新开始', text)
    assert begin and "&m=" not in unescape(begin[1])


@pytest.mark.parametrize(
    "query",
    ["at=nan,nan&z=3", "at=113,34&z=nan", "at=113,34&z=inf", "at=999,34", "at=1,2,3", "z=99&at=0,0", "l=none",
     "l=nothing", "t=yesterday", "t=0001-01-01T00:00", "t=9999-12-31T23:59", "back=99999", "back=-1", "h=5",
     "m=1,2;3;x", "m=" + "1,2;" * 300, "pin=5", "go=%00", "s=1x1", "s=99999x99999", "s=x", "at=180,90&z=1",
     "at=-180,-90&z=19", "h=0", "at=0,89.9&z=3&go=89N+10E"],
)  # fmt: skip
def test_an_address_changed_by_hand_breaks_nothing(query):
    assert signed_in("lisiyuan").get(f"/map?{query}").status_code == 200


def test_lists_and_rows_lead_to_the_map_and_back():
    a_shelter(1)
    row = an_open_incident()
    client = signed_in("lisiyuan")
    assert "/map?l=incidents" in client.get("/incidents").content.decode()
    assert "at=113.64000,34.76000" in client.get(f"/incidents/{row.id}").content.decode()
    listed = client.get("/registers/shelters").content.decode()
    assert (
        "/map?l=shelters" in listed
        and "/map?l=vehicles" not in client.get("/registers/vehicles").content.decode()
    )
    one = re.search(r'href="(/registers/shelters/[0-9a-f-]{36})"', listed)
    assert one and "pin=113.60100,34.70000" in client.get(one[1]).content.decode()
    shown = client.get("/map?l=shelters").content.decode()
    assert [m["href"] for m in marks(shown)] == [one[1]]


def test_no_other_host_is_allowed_unless_tiles_are_set(settings):
    client = signed_in("lisiyuan")
    answer = client.get("/map")
    assert (
        answer["Content-Security-Policy"] == headers.policy() and "data-tiles" not in answer.content.decode()
    )
    settings.JINGWEI_TILES = "https://tiles.example.org:8443/{z}/{x}/{y}.png?k=1"
    settings.JINGWEI_TILES_BY = "示例"
    answer = client.get("/map")
    policy = dict(p.split(" ", 1) for p in answer["Content-Security-Policy"].split("; "))
    assert policy["img-src"] == "'self' data: https://tiles.example.org:8443"
    assert policy["connect-src"] == "'self' https://tiles.example.org:8443"
    assert policy["script-src"] == policy["default-src"] == policy["style-src"] == "'self'"
    assert "{z}/{x}/{y}" in answer.content.decode()
    assert client.get("/incidents")["Content-Security-Policy"] == headers.policy(), "on the map alone"
