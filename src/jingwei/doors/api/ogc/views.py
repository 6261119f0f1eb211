"""The feature service: who calls, what is asked for, one query, one document."""

import json
import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.agencies.queries import Authority
from jingwei.apps.places import queries as places
from jingwei.apps.registers import queries
from jingwei.apps.registers.facts import Register
from jingwei.apps.registers.queries import RowLine
from jingwei.doors.entry.callers import caller_of_password, caller_of_token
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.refusals import say
from jingwei.doors.entry.troubles import RETRY_AFTER_S, note_error
from jingwei.kernel.codes import is_place_code
from jingwei.kernel.refusals import Refused, Unavailable

from . import description, divisions, documents
from .asked import BadParameter, check_names, read_page
from .documents import GEOJSON, JSON, OPENAPI, PROBLEM
from .unclaimed import ADDRESSES, Unclaimed, find_lacking

View = Callable[..., HttpResponse]


def read_only(view: View) -> View:
    """For a program's token alone, by GET alone; every refusal in the standard's own form.

    What the standard has and is not claimed here is answered with 501, whatever its method.
    """

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = {"authorization": request.headers.get("authorization", "")}
        by = caller_of_token(sent) or caller_of_password(sent)  # QGIS before 3.24 has passwords only
        authority = agencies.find_authority(by, at=this_moment().at) if by else None
        if authority is None:
            answer = _refusal(401, "unauthorized", "Send the token: Authorization: Bearer …")
            answer["WWW-Authenticate"] = 'Bearer realm="jingwei"'
            return answer
        method, accept = request.method or "", request.headers.get("accept", "")
        lacking = find_lacking(view.__name__, method, request.GET, accept)
        if lacking is not None:
            return _not_claimed(lacking)
        if method not in ("GET", "HEAD"):
            answer = _refusal(405, "method_not_allowed", "This service is read only.")
            answer["Allow"] = "GET, HEAD"
            return answer
        try:
            return view(request, authority, *args, **kwargs)
        except BadParameter as bad:
            return _refusal(400, "bad_parameter", str(bad))
        except Refused as refused:
            known = refused.code in ("not_found", "register_unknown")
            return _refusal(404 if known else 403, refused.code, say(refused.code, refused.facts))
        except Unavailable as error:
            return _try_again(error.what)
        except Error as error:
            trouble = note_error(error)
            if trouble is None:
                raise
            return _try_again(trouble)

    return inner


def _refusal(status: int, code: str, words: str) -> HttpResponse:
    return _answer({"code": code, "description": words}, JSON, status)


def _not_claimed(lacking: Unclaimed) -> HttpResponse:
    return _answer(documents.not_claimed(lacking), PROBLEM, 501)


def _try_again(what: str) -> HttpResponse:
    answer = _refusal(503, "try_again", say("try_again", {"what": what}))
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _answer(content: dict[str, Any], kind: str, status: int = 200) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(text.encode(), content_type=kind, status=status)


def base_of(request: HttpRequest) -> str:
    """Where links begin: as the program reached us, with TLS where a server before us keeps it."""
    return f"{'https' if settings.HTTPS else request.scheme}://{request.get_host()}/ogc"


def _registers() -> list[Register]:
    return [one for one in queries.list_registers() if one.has_points]


def _find(code: str) -> Register:
    register = next((one for one in _registers() if one.code == code), None)
    if register is None:
        raise Refused("not_found")
    return register


@read_only
def landing(request: HttpRequest, authority: Authority) -> HttpResponse:
    check_names(request)
    return _answer(documents.landing(base_of(request)), JSON)


@read_only
def api(request: HttpRequest, authority: Authority) -> HttpResponse:
    check_names(request)
    return _answer(description.describe(base_of(request), _registers()), OPENAPI)


@read_only
def conformance(request: HttpRequest, authority: Authority) -> HttpResponse:
    check_names(request)
    return _answer(documents.conformance(), JSON)


@read_only
def collections(request: HttpRequest, authority: Authority) -> HttpResponse:
    check_names(request)
    return _answer(
        documents.collections(base_of(request), _registers(), [divisions.described(base_of(request))]), JSON
    )


@read_only
def collection(request: HttpRequest, authority: Authority, code: str) -> HttpResponse:
    if code == divisions.CODE:
        check_names(request)
        return _answer(divisions.described(base_of(request)), JSON)
    register = _find(code)
    check_names(request)
    return _answer(documents.collection(base_of(request), register), JSON)


@read_only
def items(request: HttpRequest, authority: Authority, code: str) -> HttpResponse:
    if code == divisions.CODE:
        return _divisions(request)
    register = _find(code)
    asked = read_page(register, request)
    page = queries.list_rows(
        register, asked.sought, authority=authority, after=asked.after, limit=asked.limit
    )
    count = page.count
    if count is None:
        count = queries.count_rows(register, asked.sought, authority=authority)
    shapes = queries.list_geometries(register, page.rows)
    found = [documents.feature(line, shape) for line, shape in zip(page.rows, shapes, strict=True)]
    return _page(request, code, found, page.next, count if count <= queries.MOST_COUNTED else None)


def _divisions(request: HttpRequest) -> HttpResponse:
    asked = divisions.read_page(request)
    found, onward = divisions.list_page(asked)
    return _page(request, divisions.CODE, found, onward, places.count_outlined_divisions(asked.sought))


def _page(
    request: HttpRequest, code: str, found: Sequence[dict[str, Any]], onward: str, matched: int | None
) -> HttpResponse:
    here = f"{base_of(request)}/collections/{code}"
    links = [documents.link(_itself(request, f"{here}/items"), "self", GEOJSON)]
    if onward:
        links.append(documents.link(_itself(request, f"{here}/items", after=onward), "next", GEOJSON))
    links.append(documents.link(here, "collection", JSON))
    page = documents.features(found, links=links, now=this_moment().at, matched=matched)
    return _answer(page, GEOJSON)


def _itself(request: HttpRequest, here: str, **more: str) -> str:
    asked = request.GET.copy()
    for name, value in more.items():
        asked[name] = value
    return f"{here}?{asked.urlencode(safe=',/:')}" if asked else here


@read_only
def item(request: HttpRequest, authority: Authority, code: str, feature_id: str) -> HttpResponse:
    if code == divisions.CODE:
        check_names(request)
        division = places.find_outlined_division(feature_id) if is_place_code(feature_id) else None
        if division is None:
            raise Refused("not_found")
        return _answer(documents.one_feature(base_of(request), code, divisions.feature(division)), GEOJSON)
    register = _find(code)
    check_names(request)
    line = _standing(register, feature_id, authority)
    (shape,) = queries.list_geometries(register, [line])
    return _answer(documents.one_feature(base_of(request), code, documents.feature(line, shape)), GEOJSON)


def _standing(register: Register, feature_id: str, authority: Authority) -> RowLine:
    try:
        line = queries.find_row(register, uuid.UUID(feature_id), authority=authority)
    except ValueError:
        line = None
    if line is None or line.removed_at is not None:
        raise Refused("not_found")
    return line


def beyond(lacking: Unclaimed) -> View:
    """An address of a part that is not claimed."""

    @read_only
    def inner(request: HttpRequest, authority: Authority, code: str = "") -> HttpResponse:
        return _not_claimed(lacking)

    return inner


urlpatterns = [
    *(path(f"ogc/{route}", beyond(lacking)) for route, lacking in ADDRESSES.items()),
    path("ogc", landing),
    path("ogc/", landing),
    path("ogc/api", api),
    path("ogc/conformance", conformance),
    path("ogc/collections", collections),
    path("ogc/collections/<slug:code>", collection),
    path("ogc/collections/<slug:code>/items", items),
    path("ogc/collections/<slug:code>/items/<str:feature_id>", item),
]
