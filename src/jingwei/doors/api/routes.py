"""JSON for programs: what is read over HTTP, version 1. Intake has its own route, see intake.py."""

import json
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer

from jingwei.apps.agencies import queries as agencies
from jingwei.doors.entry.callers import caller_of_token
from jingwei.doors.entry.moments import this_moment
from jingwei.doors.entry.refusals import say
from jingwei.doors.entry.troubles import RETRY_AFTER_S, note_error, say_why
from jingwei.kernel.refusals import Refused, Unavailable

from . import (
    dispatch,
    incidents,
    map,
    needs,
    node,
    places,
    proposals,
    register_files,
    register_writes,
    registers,
    reports,
    rules,
    settlements,
    shelters,
    stock,
)
from .intake_schema import intake_operation, read_refusals

#: HTTP's word for a refusal; 409 for all others.
STATUS = {
    "not_found": 404,
    "hospital_unknown": 404,
    "row_unknown": 404,
    "file_unknown": 404,
    "not_allowed": 403,
    "body_too_large": 413,
    "version_missing": 428,
} | register_files.STATUS


#: Without a name in the path, and yet there may be nothing of the kind: a point with no place near.
MAY_BE_NOWHERE = frozenset({"/api/v1/places/at"})


class ProgramToken(HttpBearer):
    """A program's token; it acts for the post its holding names, and sees what that post sees."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        by = caller_of_token({"authorization": f"Bearer {token}"})
        if by is None:
            return None
        return agencies.find_authority(by, at=this_moment().at)


class Api(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        for path, way in schema["paths"].items():
            for operation in way.values():
                operation["responses"] = {str(k): v for k, v in operation["responses"].items()}
                own = operation["responses"]
                operation["responses"] = own | read_refusals(known="{" in path or path in MAY_BE_NOWHERE)
                if "422" in own:  # cells that were not taken, besides what cannot be read at all
                    operation["responses"]["422"] = own["422"]
        schema["paths"].setdefault("/api/v1/reports", {})["post"] = intake_operation()
        return schema


api = Api(
    title="Jingwei",
    version="1",
    description="Reports in, incidents out. Times are ISO 8601 with zone; points are WGS 84, lon before lat.",
    auth=ProgramToken(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/incidents", incidents.router, tags=["incidents"])
api.add_router("/reports", reports.router, tags=["reports"])
api.add_router("/places", places.router, tags=["places"])
api.add_router("/registers", registers.router, tags=["registers"])
api.add_router("/stock", stock.router, tags=["stock"])
api.add_router("/needs", needs.router, tags=["needs"])
api.add_router("/proposals", proposals.router, tags=["dispatch proposals"])
api.add_router("/help-requests", proposals.helps, tags=["requests for help"])
api.add_router("/dispatch-orders", proposals.orders, tags=["dispatch orders"])
api.add_router("/statements", settlements.router, tags=["statements of what help cost"])
api.add_router("/shelters", shelters.router, tags=["shelters"])
api.add_router("/hospitals", shelters.hospital_router, tags=["hospitals"])
api.add_router("/map", map.router, tags=["map"])
api.add_router("/rules", rules.router, tags=["rules"])
api.add_router("/dispatch", dispatch.router, tags=["dispatch"])
api.add_router("/node", node.router, tags=["node"])


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    status = STATUS.get(error.code, 409)
    return _json({"error": error.code, "message": say(error.code, error.facts)}, status)


@api.exception_handler(register_writes.RowWrong)
def row_wrong(request: HttpRequest, error: register_writes.RowWrong) -> HttpResponse:
    return _json(register_writes.wrong_out(error), 422)


@api.exception_handler(Unavailable)
def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    answer = _json({"error": "try_again", "message": say("try_again", {"what": error.what})}, 503)
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


@api.exception_handler(Error)
def database_failed(request: HttpRequest, error: Error) -> HttpResponse:
    """The node's trouble, so that the program comes back; any other error of the database is a bug."""
    trouble = note_error(error)
    if trouble is None:
        raise error
    answer = _json({"error": "try_again", "message": say_why(Refused("try_again", what=trouble))}, 503)
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _json(content: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False), "application/json; charset=utf-8", status)
