"""OGC 17-069r4, Part 1: Core, GeoJSON and OpenAPI 3.0, requirement by requirement, each named in its test."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from jingwei.apps.registers import actions
from jingwei.doors.api.ogc.documents import CONFORMS, CRS84
from jingwei.doors.entry.moments import this_moment
from tests.builders import holding_of
from tests.doors.api.test_read import a_token, program  # noqa: F401

pytestmark = pytest.mark.django_db
TEAMS = "/ogc/collections/teams"


def a_team(name: str, place: str = "4101", **values: object) -> uuid.UUID:
    given = {"name": name, "place": place, "kind": "PRO-FLOOD", "phone": "13612342071"} | values
    return actions.add_row("teams", given, by=holding_of("zhongyu"), moment=this_moment())


@pytest.fixture
def teams() -> dict[str, uuid.UUID]:
    """Five with points, from west to east, one without, one outside what the program's post sees."""
    found = {
        f"{n}队": a_team(f"{n}队", lon=113.1 + n / 10, lat=34.5, state="ready" if n else "out")
        for n in range(5)
    }
    return found | {"无点队": a_team("无点队"), "洛阳队": a_team("洛阳队", "4103", lon=112.4, lat=34.6)}


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["properties"]["name"] for one in answer.json()["features"]]


def rels(document: dict) -> dict[str, dict]:
    return {link["rel"]: link for link in document["links"]}


# --- who ---------------------------------------------------------------------------------------------


PATHS = ("/ogc", "/ogc/", "/ogc/api", "/ogc/conformance", "/ogc/collections", TEAMS, f"{TEAMS}/items")


@pytest.mark.parametrize("path", [*PATHS, f"{TEAMS}/items/{uuid.UUID(int=7)}"])
def test_without_a_token_every_operation_is_refused(client, path):
    for headers in ({}, {"authorization": "Bearer made-up"}, {"authorization": "Basic eDp5"}):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_a_program_that_has_passwords_only_sends_the_token_as_one(client, db):
    token = a_token()

    def status(text: str, path: str = "/ogc/collections") -> int:
        sent = base64.b64encode(text.encode()).decode()
        return client.get(path, headers={"authorization": f"Basic {sent}"}).status_code

    assert status(f"token:{token}") == status(f":{token}") == 200
    assert status(f"{token}:") == status(token) == status("token:x") == status("zhongyu:river-town") == 401
    assert status(f"token:{token}", "/api/v1/registers") == 401, "by this door alone"
    for sent in ("Basic", "Basic é", "Basic ====", "Basic /w=="):
        assert client.get("/ogc", headers={"authorization": sent}).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_written_by_this_door(program, path):  # noqa: F811
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(program, method)(path, "{}", content_type="application/json")
        if (method, path) == ("post", f"{TEAMS}/items"):  # of Part 4: test_unclaimed.py
            assert answer.status_code == 501
        else:
            assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"


# --- landing page, API definition, conformance -------------------------------------------------------


def test_req_core_root_op_and_success(program):  # noqa: F811
    found = rels(program.get("/ogc").json())
    assert {"service-desc", "conformance", "data"} <= set(found)
    assert found["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    for one in found.values():
        answer = program.get(one["href"].removeprefix("http://testserver"))
        assert answer.status_code == 200 and answer["Content-Type"] == one["type"]


def test_req_core_api_definition_and_oas30(program):  # noqa: F811
    document = program.get("/ogc/api").json()
    assert document["openapi"].startswith("3.0.")
    operations = document["paths"]["/collections/teams/items"]["get"]["parameters"]
    assert {"limit", "bbox", "datetime", "kind", "state"} <= {one["name"] for one in operations}
    limit = next(one for one in operations if one["name"] == "limit")
    assert limit["schema"]["minimum"] == 1 and limit["schema"]["default"] <= limit["schema"]["maximum"]
    assert all(one["style"] == "form" and one["explode"] is False for one in operations
               if one["name"] in ("limit", "bbox", "datetime"))  # fmt: skip


def test_every_path_of_the_definition_answers(program, teams):  # noqa: F811
    for path in program.get("/ogc/api").json()["paths"]:
        filled = path.replace("{featureId}", str(teams["1队"]))
        wanted = 404 if path != filled and "/teams/" not in path else 200
        assert program.get("/ogc" + filled).status_code == wanted, path


def test_req_core_conformance_claims_what_is_kept_and_nothing_else(program):  # noqa: F811
    claimed = program.get("/ogc/conformance").json()["conformsTo"]
    assert claimed == list(CONFORMS)
    assert sorted(one.rsplit("/", 1)[1] for one in claimed) == ["core", "geojson", "oas30"]


# --- collections -------------------------------------------------------------------------------------


def test_req_core_fc_md_items_and_links(program):  # noqa: F811
    document = program.get("/ogc/collections").json()
    assert rels(document)["self"]
    found = {one["id"]: one for one in document["collections"]}
    assert "teams" in found and "experts" not in found, "only registers with points"
    for one in found.values():
        items = rels(one)["items"]
        assert items["type"] == "application/geo+json" and items["href"].endswith(f"/{one['id']}/items")
        assert one["crs"] == [CRS84] and one["itemType"] == "feature" and one["title"]
        assert program.get(f"/ogc/collections/{one['id']}").json() == one, "/req/core/sfc-md-success"


@pytest.mark.parametrize("code", ["dragons", "experts"])
@pytest.mark.parametrize("rest", ["", "/items", "/items/x"])
def test_a_collection_that_is_none_is_not_found(program, code, rest):  # noqa: F811
    assert program.get(f"/ogc/collections/{code}{rest}").status_code == 404


def test_titles_are_in_the_callers_language(program):  # noqa: F811
    zh = program.get(TEAMS, headers={"accept-language": "zh-CN"}).json()["title"]
    en = program.get(TEAMS, headers={"accept-language": "en"}).json()["title"]
    assert (zh, en) == ("应急救援队伍", "Rescue teams")


# --- features ----------------------------------------------------------------------------------------


def test_req_core_fc_response_and_geojson(program, teams):  # noqa: F811
    answer = program.get(f"{TEAMS}/items")
    assert answer["Content-Type"] == "application/geo+json"
    document = answer.json()
    assert document["type"] == "FeatureCollection"
    assert document["numberMatched"] == document["numberReturned"] == len(document["features"]) == 6
    assert datetime.fromisoformat(document["timeStamp"]).tzinfo
    assert rels(document)["self"]["href"] == f"http://testserver{TEAMS}/items"
    first = document["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [113.1, 34.5]}, "CRS84: lon before lat"
    assert first["id"] == str(teams["0队"]) and "lon" not in first["properties"]
    without = next(one for one in document["features"] if one["properties"]["name"] == "无点队")
    assert without["geometry"] is None


def test_only_what_the_post_sees_and_masked(program, teams):  # noqa: F811
    answer = program.get(f"{TEAMS}/items")
    assert "洛阳队" not in names(answer)
    text = answer.content.decode()
    assert "13612342071" not in text and "136****71" in text
    for path in (f"{TEAMS}/items/{teams['洛阳队']}", f"{TEAMS}/items/{uuid.UUID(int=7)}", f"{TEAMS}/items/x"):
        assert program.get(path).status_code == 404


def test_canary_a_row_unmasked_would_be_seen(program, teams, monkeypatch):  # noqa: F811
    from jingwei.apps.registers.queries import lists

    monkeypatch.setattr(lists, "masked", lambda mask, value: value)
    assert "13612342071" in program.get(f"{TEAMS}/items").content.decode()


def test_req_core_fc_limit_and_next_link(program, teams):  # noqa: F811
    seen, path, pages = [], f"{TEAMS}/items?limit=2&kind=PRO-FLOOD", 0
    while path:
        document = program.get(path).json()
        assert document["numberReturned"] <= 2 and document["numberMatched"] == 6
        seen += [one["properties"]["name"] for one in document["features"]]
        path = rels(document).get("next", {}).get("href", "").removeprefix("http://testserver")
        pages += 1
    assert seen == [*(f"{n}队" for n in range(5)), "无点队"] and pages == 3
    assert program.get(f"{TEAMS}/items?limit=1000000").json()["numberReturned"] == 6, "the most there may be"


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        ("113.15,34,113.35,35", ["1队", "2队"]),
        ("113.1,34.5,113.1,34.5", ["0队"]),
        ("113.15,34,0,113.35,35,10", ["1队", "2队"]),
        ("113.45,34,-170,35", ["4队"]),
        ("-10,-10,10,10", []),
        ("-180,-90,180,90", [f"{n}队" for n in range(5)]),
    ],
)
def test_req_core_fc_bbox(program, teams, box, wanted):  # noqa: F811
    assert names(program.get(f"{TEAMS}/items?bbox={box}")) == wanted, "a row without a point lies in no box"


def test_req_core_fc_time(program, teams):  # noqa: F811
    now = datetime.now(UTC)
    before, after = (
        (now + timedelta(hours=h)).isoformat(timespec="seconds").replace("+00:00", "Z") for h in (-1, 1)
    )
    # the node's clock is real in tests; rows were changed just now
    for asked in (f"{before}/{after}", f"{before}/..", f"../{after}", f"{before}/", f"/{after}"):
        assert len(names(program.get(f"{TEAMS}/items", {"datetime": asked}))) == 6, asked
    for asked in (f"{after}/..", f"../{before}", before, "2001-01-01", "2001-01-01/2001-12-31"):
        assert names(program.get(f"{TEAMS}/items", {"datetime": asked})) == [], asked
    changed = program.get(f"{TEAMS}/items/{teams['1队']}").json()["properties"]["changed_at"]
    assert "1队" in names(program.get(f"{TEAMS}/items", {"datetime": changed}))


def test_rec_core_filters_by_properties(program, teams):  # noqa: F811
    assert names(program.get(f"{TEAMS}/items?state=out")) == ["0队"]
    assert names(program.get(f"{TEAMS}/items?state=out&kind=FIRE")) == []
    assert names(program.get(f"{TEAMS}/items?state=ready&bbox=113,34,113.25,35")) == ["1队"]
    assert len(names(program.get(f"{TEAMS}/items?within=4101"))) == 6
    assert names(program.get(f"{TEAMS}/items?within=410182")) == []


@pytest.mark.parametrize(
    "asked",
    [
        "bbox=1,2,3", "bbox=a,b,c,d", "bbox=0,50,10,40", "bbox=0,0,nan,1", "bbox=0,0,200,1", "bbox=",
        "limit=0", "limit=-1", "limit=ten", "limit=", "limit=1&limit=2", "limit=٣",
        "datetime=yesterday", "datetime=..", "datetime=../..", "datetime=2026-11-29T08:00:00",
        "datetime=2026-02-30", "datetime=2026-11-30/2026-11-29", "datetime=2026-01-01/2026-01-02/2026-01-03",
        "state=dragon", "members=3", "within=x", "nothing=1", "f=json",
    ],
)  # fmt: skip
def test_req_core_query_param_unknown_and_invalid(program, teams, asked):  # noqa: F811
    answer = program.get(f"{TEAMS}/items?{asked}")
    assert answer.status_code == 400 and answer.json()["code"] == "bad_parameter"


@pytest.mark.parametrize("path", [p for p in PATHS if not p.endswith("items")])
def test_req_core_query_param_unknown_everywhere(program, path):  # noqa: F811
    assert program.get(f"{path}?nothing=1").status_code == 400


def test_req_core_f_success(program, teams):  # noqa: F811
    answer = program.get(f"{TEAMS}/items/{teams['1队']}")
    assert answer["Content-Type"] == "application/geo+json"
    document = answer.json()
    assert document["type"] == "Feature" and document["properties"]["name"] == "1队"
    assert rels(document)["self"]["href"].endswith(str(teams["1队"]))
    assert rels(document)["collection"]["href"] == f"http://testserver{TEAMS}"
    actions.strike_row("teams", teams["1队"], reason="已解散", by=holding_of("zhongyu"), moment=this_moment())
    assert program.get(f"{TEAMS}/items/{teams['1队']}").status_code == 404
    assert "1队" not in names(program.get(f"{TEAMS}/items"))


def test_req_core_http_head_is_answered(program, teams):  # noqa: F811
    answer = program.head(f"{TEAMS}/items")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/geo+json"


def test_links_keep_to_tls_behind_a_server_that_ends_it(program, settings):  # noqa: F811
    settings.HTTPS = True
    assert all(one["href"].startswith("https://") for one in program.get("/ogc").json()["links"])


def test_a_cookie_opens_nothing():
    from tests.doors.web.test_pages import signed_in

    assert isinstance(client := signed_in("hejing"), Client)
    assert client.get("/ogc/collections").status_code == 401


def test_the_answer_is_json_without_what_json_does_not_have(program, teams):  # noqa: F811
    text = program.get(f"{TEAMS}/items").content.decode()
    json.loads(text, parse_constant=lambda constant: pytest.fail(constant))
