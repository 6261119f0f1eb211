"""The stock for programs: balances, lots, promises, within one's area."""

import uuid

import pytest

from tests.doors.api.test_read import program  # noqa: F401
from tests.doors.web.test_stock import a_filled_store, a_promise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["", "/promises", f"/{uuid.UUID(int=1)}/{uuid.UUID(int=2)}"])
def test_without_a_token_no_stock_is_read(client, path):
    assert client.get(f"/api/v1/stock{path}").status_code == 401


def test_what_each_store_holds_its_lots_and_its_promises(program):  # noqa: F811
    store, supply, lot = a_filled_store()
    promise = a_promise(store, supply)
    a_filled_store(name="洛阳库", place="4103", code="T-2")
    found = program.get("/api/v1/stock").json()
    (one,) = found["balances"]
    assert found["total"] == 1 and one["store_id"] == str(store) and one["supply"]["code"] == "T-1"
    assert (one["on_hand"], one["promised"], one["free"], one["first_to_expire"]) == (
        100,
        30,
        70,
        "2030-01-01",
    )
    (held,) = program.get(f"/api/v1/stock/{store}/{supply}").json()
    assert (held["id"], held["promised"], held["is_expired"]) == (str(lot), 30, False)
    told = program.get("/api/v1/stock/promises").json()
    assert [p["id"] for p in told["promises"]] == [str(promise)] and told["total"] == 1
    assert program.get("/api/v1/stock/promises?ended=true").json()["total"] == 0
    assert program.get("/api/v1/stock?search=nothing").json() == {"total": 0, "balances": []}


def test_a_store_elsewhere_is_not_found(program):  # noqa: F811
    store, supply, _ = a_filled_store(name="洛阳库", place="4103")
    assert program.get(f"/api/v1/stock/{store}/{supply}").status_code == 404
