"""What the intake route says of itself in the OpenAPI document: it is raw, so it is written here."""

from typing import Any

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}


def intake_operation() -> dict[str, Any]:
    """The POST operation beside the GET that lists reports."""
    report = {
        "type": "object",
        "description": "Every field may be missing; what cannot be read is kept and flagged.",
        "properties": {
            **dict.fromkeys(("type", "channel", "source", "evidence", "words", "lang", "title"), _TEXT),
            **dict.fromkeys(("precision", "kind", "place", "place_words", "site", "organization"), _TEXT),
            **dict.fromkeys(("event_ref", "caller_name", "caller_phone"), _TEXT),
            "key": {
                "type": "string",
                "description": "Your own number of this report; a repeat is known by it.",
            },
            "occurred_at": _TIME,
            "sent_at": _TIME,
            "lon": {"type": "number"},
            "lat": {"type": "number"},
            "datum": {"type": "string", "enum": ["wgs84", "gcj02", "bd09", "cgcs2000"]},
            "level": {"type": "integer"},
            "from_level": {"type": "integer"},
            "number": {"type": "integer"},
            "rescue": {"type": "boolean"},
            "figures": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["measure", "value"],
                    "properties": {
                        **dict.fromkeys(("measure", "unit", "area", "words"), _TEXT),
                        "value": {"type": "number"},
                    },
                },
            },
        },
    }
    received = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "status": {"type": "string", "enum": ["accepted", "quarantined", "known"]},
            "flags": {"type": "array", "items": _TEXT},
        },
    }
    many = {"type": "object", "properties": {"reports": {"type": "array", "items": received}}}
    answer = {"content": {"application/json": {"schema": {"anyOf": [received, many]}}}}
    error = {
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"error": _TEXT, "zh": _TEXT, "en": _TEXT}}
            }
        }
    }
    return {
        "operationId": "receive_reports",
        "summary": "Hand in one report, or a list; answered after they are stored durably",
        "tags": ["reports"],
        "security": [{"ProgramToken": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"anyOf": [report, {"type": "array", "items": report}]}}
            },
        },
        "responses": {
            "201": {"description": "Stored", **answer},
            "202": {"description": "Stored; some could not be read and wait for a person", **answer},
            "401": {"description": "Unknown caller", **error},
            "403": {"description": "This post may not report", **error},
            "413": {"description": "Body too large", **error},
            "503": {
                "description": "Too much waits, or the database does not answer; Retry-After says when",
                **error,
            },
        },
    }


def read_refusals(*, known: bool) -> dict[str, Any]:
    """What every read may be answered instead; `known`: it asks for one thing that there may not be."""
    text = {"type": "object", "properties": {"error": _TEXT, "message": _TEXT}, "required": ["error"]}
    said = {"content": {"application/json": {"schema": text}}}
    detail = {"type": "object", "properties": {"detail": {}}, "required": ["detail"]}
    bare = {"content": {"application/json": {"schema": detail}}}
    found: dict[str, Any] = {
        "401": {"description": "Unknown caller", **bare},
        "422": {"description": "A value of the query cannot be read", **bare},
        "503": {"description": "The node cannot answer now; Retry-After says when to ask again", **said},
    }
    if known:
        found["404"] = {"description": "Not known here, or the post does not see it", **said}
    return found
