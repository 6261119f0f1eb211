"""The benchmark of intake measures what it says: a small round on a real node, and a loss would be seen."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from bench.intake import bare, bench, ending
from bench.intake.desk import rows
from bench.intake.load import Load, Run
from bench.intake.sender import send
from bench.intake.telling import GRAVE, MARKED, Teller
from bench.node import Node, a_node
from bench.run import Result, list_benchmarks, met

SMALL = Load(
    minutes=0.1, per_s=60, connections=8, singles=120, batches=3, per_batch=50, rounds=1, warm_up=20,
)  # fmt: skip
PROMISED = {
    "single_per_s_over_no_db": (">=", 0.4),
    "batch_per_s_over_executemany": (">=", 0.6),
    "single_p99_ms": ("<=", 50),
    "visible_on_desk_p95_s": ("<=", 2),
    "desk_p95_ms": ("<=", 300),
    "lost": ("==", 0),
}


def a_teller(**more: object) -> Teller:
    given = {"seed": 7, "begun_at": datetime(2026, 11, 22, tzinfo=UTC), "per_s": 300.0, "marked": True}
    return Teller("t", **given | more)  # type: ignore[arg-type]


def test_it_is_listed_and_its_targets_are_what_was_promised() -> None:
    assert "intake" in list_benchmarks()
    assert {k: (bench.TARGETS[k]["op"], bench.TARGETS[k]["value"]) for k in PROMISED} == PROMISED
    whole = Load()
    assert (whole.minutes, whole.per_s, whole.connections) == (10, 300, 32)


def test_the_same_number_is_the_same_report_and_no_other() -> None:
    one, two = a_teller(), a_teller()
    assert [one.body(n) for n in range(200)] == [two.body(n) for n in range(200)]
    assert len({one.body(n) for n in range(200)}) == 200
    assert len({one.tell(n)["place"] for n in range(200)}) > 40, "told from many places"


def test_what_is_marked_can_be_seen_on_the_desk_by_itself() -> None:
    teller = a_teller()
    marks = [(n, teller.mark_of(n)) for n in range(2 * GRAVE * MARKED) if teller.mark_of(n)]
    assert [m for _, m in marks].count("grave") == 2 and [m for _, m in marks].count("waits") == 6
    for number, mark in marks:
        told = teller.tell(number)
        assert ("place" in told) == (mark == "grave"), "nobody knows where: a person has to ask"
    points = [(t["lon"], t["lat"]) for t in (teller.tell(n) for n, m in marks if m == "grave")]
    assert len(set(points)) == len(points)


def test_rows_of_the_desk_are_read_by_section() -> None:
    one, two = ("0" * 35 + c for c in "12")
    page = (
        f'<section class="panel" id="inbox" x><li class="row" data-id="{one}"><span class="tag">w</span></li>'
        f'</section><section class="panel" id="incidents"><li class="row inc" data-id="{two}"></li></section>'
    )
    assert list(rows(page, "inbox")) == [one] and list(rows(page, "incidents")) == [two]
    assert '<span class="tag">' in rows(page, "inbox")[one]


@pytest.mark.slow
def test_a_small_run_has_every_figure_and_claims_nothing_for_the_storm() -> None:
    result = bench.measure(SMALL)
    assert set(PROMISED) <= set(result.figures), result.figures
    assert result.figures["lost"] == 0 and met(result, "lost") is True
    assert result.figures["unseen_on_desk"] == 0, result.more
    assert result.figures["verify_holds"] == 1, result.more["verify"]
    assert not set(bench.OF_THE_STORM) & set(result.targets) and "0.1 of 10 minutes" in str(
        result.more["short"]
    )
    told = result.more["bare_round_0"]
    assert told["reports_report"] == 150 and told["journal_entry"] == 150 and told["journal_due"] == 300, told
    sent = 20 + 120 + 150 + 360
    assert result.figures["acknowledged"] == sent and result.more["rows"]["reports_report"] == sent
    json.dumps(result.more)


@pytest.mark.slow
def test_canary_a_lost_report_is_seen_and_no_other_node_answers_without_a_database(tmp_path) -> None:
    with a_node(tmp_path / "home") as node:
        run = Run(node, tmp_path, SMALL, Result("intake"))
        order = run.order("kept", 12)
        sent = run.taken(order, send(order))
        assert ending.lost(node, run.sendings) == {"acknowledged": 12, "lost": 0, "renumbered": 0}
        never = run.order("never", 12)
        made_up = {3: "0" * 32}
        assert ending.lost(node, [(never, made_up)]) == {"acknowledged": 1, "lost": 1, "renumbered": 0}
        assert ending.lost(node, [(order, sent.ids | {5: "0" * 32})])["lost"] == 1
        assert httpx.post(node.url + bench.PARSE_ONLY, content=b"{}", timeout=30).status_code == 404
        _bare_holds_what_the_node_holds(node, run, list(sent.ids.values()))


def _bare_holds_what_the_node_holds(node: Node, run: Run, ids: list[str]) -> None:
    run.rest()
    file = run.folder / "bare.sqlite3"
    bare.insert(node.database, file, [ids])
    short = sorted(one.replace("-", "") for one in ids)
    asked = f"SELECT * FROM reports_report WHERE id IN ({','.join('?' * len(short))}) ORDER BY id"
    with closing(sqlite3.connect(file)) as ours, closing(sqlite3.connect(node.database)) as theirs:
        assert ours.execute(asked, short).fetchall() == theirs.execute(asked, short).fetchall()
        assert ours.execute("SELECT count(*) FROM reports_report").fetchone() == (12,)
