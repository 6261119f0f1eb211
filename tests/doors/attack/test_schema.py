"""Odd requests made from the description of the JSON door: nothing breaks, every answer is one described."""

import json
import warnings

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from jingwei.apps.journal import queries as journal
from tests.doors.attack.test_wire import ask
from tests.doors.bounds.test_overload import token_of
from tests.house.openapi import PATH
from tests.nodes import serving

pytestmark = pytest.mark.slow
#: Requests a way in. Source: our estimate, a minute in all on two cores, 2026-11-22.
EXAMPLES = 20
#: Not "what the description forbids is refused": the intake takes everything and flags it.
CHECKS = [checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance]
CHECKS += [checks.response_schema_conformance]


def tried(
    document: dict[str, object], url: str, token: dict[str, str], chosen: list[object]
) -> dict[str, int]:
    """How many requests each way in was tried with. Raises at the first answer that is not as described."""
    counts: dict[str, int] = {}
    schema = schemathesis.openapi.from_dict(document)
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        def attack(case: schemathesis.Case) -> None:
            counts[case.operation.label] = counts.get(case.operation.label, 0) + 1
            case.call_and_validate(base_url=url, headers=token, checks=chosen, timeout=30)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            attack()
    return counts


def test_no_request_breaks_the_json_door(live_db):
    token = token_of("feeds")
    document = json.loads(PATH.read_text())
    with serving(live_db) as node:
        counts = tried(document, node.url, token, CHECKS)
        assert {"POST /api/v1/reports", "GET /api/v1/reports", "GET /api/v1/incidents"} <= set(counts)
        assert all(count >= 2 for count in counts.values()), counts
        assert httpx.get(f"{node.url}/api/v1/node", headers=token, timeout=30).status_code == 200
        assert ask(node.url, b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert journal.count_failures() == 0


def test_canary_an_answer_that_is_not_described_is_found(live_db):
    token = token_of("feeds")
    document = json.loads(PATH.read_text())
    document["paths"] = {"/api/v1/node": document["paths"]["/api/v1/node"]}
    answer = document["paths"]["/api/v1/node"]["get"]["responses"]
    answer["418"] = answer.pop("200")
    with serving(live_db) as node, pytest.raises(BaseException) as found:
        tried(document, node.url, token, CHECKS)
    assert "200" in str(found.value)
