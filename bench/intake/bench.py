"""Intake: how many reports a node takes in, beside the same server without a database and bare inserts.

    jingwei bench intake --json intake.json
    jingwei bench intake --minutes 0.5

One node as `serve` runs it: front, worker and sealer, on SQLite, with a feed's token, rights, validation,
keys of the sender's own, a fact for each report and digests. In one run, on the same machine and disk:

* single: 32 connections, one report a request, each sending as soon as it is answered; beside it the same
  bodies to the same server's route that parses and answers and touches no database, the node being at rest;
* batch: bodies of 1,000 reports; beside it bare `executemany` of the rows they became (see `bare.py`);
* storm: 300 single reports a second at fixed times, with two desks open as an officer's browser keeps them
  (see `desk.py`). One report a second is marked, so that it is seen on the desk by itself.

At the end every acknowledged report is handed in again under its key: the node must know it.
Needs a POSIX system with /proc.
"""

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.activation.bench import _commit
from bench.intake import bare, ending
from bench.intake.load import MINUTES, SEED, Load, Run, cpu_s, per_report_ms, read_only, reader
from bench.intake.sender import send
from bench.intake.storm import storm
from bench.intake.telling import AT_ONCE, MARKED, REPORTS_AN_EVENT
from bench.node import a_node
from bench.run import Result
from bench.soak.curves import percentile
from bench.soak.ending import verified

#: The route without a database; a node has it when this stands in its environment.
PARSE_ONLY, OPENED_BY = "/parse-only", {"JINGWEI_PARSE_ONLY": "1"}
#: Source: what the product promises of intake, 2026-11-22.
TARGETS: dict[str, dict[str, float | str]] = {
    "single_per_s_over_no_db": {"op": ">=", "value": 0.4},
    "batch_per_s_over_executemany": {"op": ">=", "value": 0.6},
    "single_p99_ms": {"op": "<=", "value": 50},
    "visible_on_desk_p95_s": {"op": "<=", "value": 2},
    "desk_p95_ms": {"op": "<=", "value": 300},
    "lost": {"op": "==", "value": 0},
    # a storm that was not sent at its pace shows nothing. Source: our estimate, one in a hundred late.
    "storm_per_s": {"op": ">=", "value": 297},
    "unseen_on_desk": {"op": "==", "value": 0},
}
#: What is promised for ten minutes, and not claimed by a shorter run.
OF_THE_STORM = ("visible_on_desk_p95_s", "desk_p95_ms", "storm_per_s", "unseen_on_desk")


def run(minutes: float = MINUTES) -> Result:
    """Measure; the storm lasts so many minutes."""
    return measure(Load(minutes=minutes))


def measure(load: Load) -> Result:
    short = load.minutes < MINUTES
    kept = {k: v for k, v in TARGETS.items() if not (short and k in OF_THE_STORM)}
    result = Result("intake", seeds=[SEED], targets=kept)
    result.more |= {
        "command": f"jingwei bench intake --minutes {load.minutes:g}",
        "commit": _commit(),
        "load": {n: getattr(load, n) for n in Load.__dataclass_fields__},
        "events": {"at_once": AT_ONCE, "reports_an_event": REPORTS_AN_EVENT, "one_marked_of": MARKED},
    }
    if short:
        result.more["short"] = (
            f"the storm lasted {load.minutes:g} of {MINUTES:g} minutes; what is promised for it "
            "is not claimed: " + ", ".join(OF_THE_STORM)
        )
    with (
        tempfile.TemporaryDirectory(prefix="jingwei-intake-") as name,
        a_node(Path(name) / "home", **OPENED_BY) as node,
    ):
        one = Run(node, Path(name), load, result)
        for part in (_warm_up, _single, _batch, _bare, storm, _ending):
            _say(part.__name__.strip("_"))
            part(one)
    result.figures = {k: round(v, 4) for k, v in result.figures.items()}
    return result


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def _warm_up(run: Run) -> None:
    """First reports of a new node open files and fill caches; they are not measured."""
    order = run.order("warm", run.load.warm_up)
    run.taken(order, send(order))
    send(run.order("warm", run.load.warm_up, path=PARSE_ONLY))
    run.rest()


def _single(run: Run) -> None:
    """One report a request, in turn without the database and with it; rates over all rounds together."""
    bare_s, took_s, spent_ms, reports = 0.0, 0.0, 0.0, run.load.rounds * run.load.singles
    answered: list[float] = []
    for n in range(run.load.rounds):
        order = run.order(f"single{n}", run.load.singles)
        without = send(run.order(f"single{n}", run.load.singles, path=PARSE_ONLY, begun_at=order.begun_at))
        before = cpu_s(run.node)
        sent = run.taken(order, send(order))
        front = cpu_s(run.node)["front"] - before["front"]
        drain_s = run.rest()
        spent_ms += per_report_ms(before, cpu_s(run.node), reports)
        bare_s, took_s = bare_s + without.took_s, took_s + sent.took_s
        answered += sent.answered_ms
        run.result.more[f"single_round_{n}"] = {
            "no_db_per_s": round(order.count / without.took_s), "per_s": round(order.count / sent.took_s),
            "no_db_p99_ms": round(percentile(without.answered_ms, 0.99), 1),
            "front_cpu_ms_per_report": round(front / order.count * 1000, 3),
            "sender_cpu_ms_per_report": round(sent.cpu_s / order.count * 1000, 3),
            "no_db_sender_busy": round(without.cpu_s / without.took_s, 2),
            "drain_s": round(drain_s, 1), "statuses": sent.statuses,
        }  # fmt: skip
    run.result.figures |= {
        "single_per_s_over_no_db": bare_s / took_s,
        "single_p99_ms": percentile(answered, 0.99),
        "single_p50_ms": percentile(answered, 0.5),
        "single_per_s": reports / took_s,
        "no_db_per_s": reports / bare_s,
        "single_cpu_ms_per_report": spent_ms,
    }


def _batch(run: Run) -> None:
    """Bodies of many reports; the node rests between the rounds."""
    load, took_s, before = run.load, 0.0, cpu_s(run.node)
    reports = load.batches * load.per_batch
    for n in range(load.rounds):
        order = run.order(f"batch{n}", reports, per_body=load.per_batch, connections=load.at_once)
        sent = run.taken(order, send(order))
        took_s += sent.took_s
        ids = [sent.ids[number] for number in range(reports)]
        run.batches += [ids[i : i + load.per_batch] for i in range(0, reports, load.per_batch)]
        run.result.more[f"batch_round_{n}"] = {
            "per_s": round(reports / sent.took_s), "drain_s": round(run.rest(), 1), "statuses": sent.statuses,
            "body_p50_ms": round(percentile(sent.answered_ms, 0.5), 1),
        }  # fmt: skip
    total = reports * load.rounds
    run.result.figures |= {
        "batch_per_s": total / took_s,
        "batch_cpu_ms_per_report": per_report_ms(before, cpu_s(run.node), total),
    }


def _bare(run: Run) -> None:
    """The batches' rows by `executemany` alone, round by round."""
    share = len(run.batches) // run.load.rounds
    took_s = 0.0
    for n in range(run.load.rounds):
        some = run.batches[n * share : (n + 1) * share]
        told = bare.insert(run.node.database, run.folder / f"bare{n}.sqlite3", some)
        took_s += told["took_s"]
        run.result.more[f"bare_round_{n}"] = {k: round(v, 3) for k, v in told.items()}
    per_s = sum(len(one) for one in run.batches) / took_s
    run.result.figures |= {
        "executemany_per_s": per_s,
        "batch_per_s_over_executemany": run.result.figures["batch_per_s"] / per_s,
    }


def _ending(run: Run) -> None:
    """Nothing lost; and what the node itself says of its record."""
    told = ending.lost(run.node, run.sendings)
    run.result.figures |= {"lost": told["lost"], "acknowledged": told["acknowledged"]}
    run.result.more["renumbered"] = told["renumbered"]
    run.rest()
    with reader(run.node) as client:
        node = client.get("/api/v1/node").json()
    run.result.more["node"] = {k: node[k] for k in ("entries", "due", "failed")}
    run.result.figures["verify_holds"], run.result.more["verify"] = verified(run.node)
    run.result.more["rows"] = _count(run.node.database)


def _count(database: Path) -> dict[str, int]:
    tables = ("reports_report", "incidents_incident", "journal_entry")
    with closing(read_only(database)) as node:
        return {t: node.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}  # noqa: S608 - our own
