"""What programs are told about the JSON door is what it does."""

import json

from tests.house.openapi import PATH, describe


def test_the_description_is_up_to_date() -> None:
    assert PATH.exists(), "make docs writes it"
    assert PATH.read_text() == describe(), "the JSON door has changed: make docs"


def test_every_way_in_and_out_is_described() -> None:
    told = json.loads(describe())
    assert {"get", "post"} <= told["paths"]["/api/v1/reports"].keys()
    assert all(one.get("summary") for way in told["paths"].values() for one in way.values())
