"""What is asked when everything was sent: is every acknowledged report there, under its number?"""

import json
from collections.abc import Mapping, Sequence

import httpx

from bench.intake.sender import Order
from bench.node import Node

#: Reports handed in again at once.
A_BODY = 500
#: How long the answer may take, seconds.
PATIENCE_S = 120.0


def lost(node: Node, sendings: Sequence[tuple[Order, Mapping[int, str]]]) -> dict[str, float]:
    """Hand every acknowledged report in again under its key: the node must know it, as the same number.

    `sendings`: each order with the numbers it got for its reports. One that is not known was lost; it is
    also lost to its sender when it goes by another number.
    """
    found = {"acknowledged": 0.0, "lost": 0.0, "renumbered": 0.0}
    token = {"authorization": f"Bearer {node.feed}", "content-type": "application/json"}
    with httpx.Client(base_url=node.url, headers=token, timeout=PATIENCE_S) as client:
        for order, ids in sendings:
            teller = order.teller()
            known = sorted(ids)
            for numbers in (known[i : i + A_BODY] for i in range(0, len(known), A_BODY)):
                body = json.dumps([teller.tell(n) for n in numbers], ensure_ascii=False).encode()
                answers = client.post("/api/v1/reports", content=body).raise_for_status().json()["reports"]
                for number, answer in zip(numbers, answers, strict=True):
                    found["acknowledged"] += 1
                    is_known, is_same = answer["status"] == "known", answer["id"] == ids[number]
                    found["renumbered"] += is_known and not is_same
                    found["lost"] += not (is_known and is_same)
    return found
