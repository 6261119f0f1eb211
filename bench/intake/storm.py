"""The storm: reports at a fixed pace, desks open meanwhile; when what was told stands on them."""

import subprocess
import time
from contextlib import ExitStack, closing

from bench import processes
from bench.intake.desk import Desk
from bench.intake.load import Run, cpu_s, per_report_ms, read_only, reader
from bench.intake.sender import Sent, read_sent, started
from bench.node import Node
from bench.soak.curves import percentile

#: Who sits at the two desks: the city's officer and chief on duty.
OFFICERS = ("lisiyuan", "hejing")
#: Between two looks at the node's processes, seconds.
SAMPLE_S = 2.0
#: How long the desks stay open after the last report, seconds: what was sent last must get there too.
LINGER_S = 10.0


def storm(run: Run) -> None:
    """Reports at a fixed pace; the desks open before the first and close when the last has had its time."""
    load = run.load
    order = run.order("storm", round(load.minutes * 60 * load.per_s), per_s=load.per_s, marked=True)
    samples: list[dict[str, float]] = []
    before = cpu_s(run.node)
    with ExitStack() as stack:
        desks = [stack.enter_context(Desk(run.node, name)) for name in OFFICERS]
        process = stack.enter_context(started(order))
        began = time.monotonic()
        while process.poll() is None:
            try:
                process.wait(SAMPLE_S)
            except subprocess.TimeoutExpired:
                samples.append(_sample(run.node, time.monotonic() - began))
        if process.returncode:
            raise RuntimeError(f"the sender ended with {process.returncode}")
        time.sleep(LINGER_S)
    sent, after, drain_s = run.taken(order, read_sent(order)), cpu_s(run.node), run.rest()
    shown = _shown(run.node, sent, desks[0])
    seen, fetched = [s for one in shown.values() for s in one], [ms for d in desks for ms in d.fetched_ms]
    unseen = len(sent.marked) - len(seen)
    run.result.figures |= {
        "visible_on_desk_p95_s": percentile([*seen, *[float(LINGER_S + load.minutes * 60)] * unseen], 0.95),
        "desk_p95_ms": percentile(fetched, 0.95),
        "desk_p50_ms": percentile(fetched, 0.5),
        "storm_per_s": order.count / sent.took_s,
        "unseen_on_desk": float(unseen),
        "storm_p99_ms": percentile(sent.answered_ms, 0.99),
        "storm_cpu_ms_per_report": per_report_ms(before, after, order.count),
        "storm_drain_s": drain_s,
        "rss_mib": max((s["rss_mib"] for s in samples), default=0.0),
    }
    run.result.more |= {
        "storm_cpu_s": {r: round(after[r] - before.get(r, 0.0), 1) for r in after},
        "storm_sender": {"cpu_s": round(sent.cpu_s, 1), "statuses": sent.statuses,
                         "late_p99_ms": round(percentile(sent.late_ms, 0.99), 1)},
        "marked": len(sent.marked),
        "visible_s": {k: _spread(v) for k, v in shown.items()},
        "desk_fetches": [len(d.fetched_ms) for d in desks],
        "desk_wrong": [w for d in desks for w in d.wrong][:20],
        "samples": [{k: round(v, 1) for k, v in s.items()} for s in samples[:: max(1, len(samples) // 60)]],
    }  # fmt: skip


def _shown(node: Node, sent: Sent, desk: Desk) -> dict[str, list[float]]:
    """Seconds from the acknowledgement of each marked report until the page that shows it had come.

    Of several grave reports in one incident only the first, which opened it, is looked at.
    """
    found: dict[str, list[float]] = {"waits": [], "grave": []}
    opened: set[str] = set()
    with reader(node) as client:
        for number, at in sorted(sent.marked.items()):
            seen = desk.waits.get(sent.ids[number])
            if seen is not None:
                found["waits"].append(seen - at)
                continue
            told = client.get(f"/api/v1/reports/{sent.ids[number]}").raise_for_status().json()
            incident = told["incident_id"]
            if incident is not None and incident not in opened and incident in desk.incidents:
                opened.add(incident)
                found["grave"].append(desk.incidents[incident] - at)
    return found


def _sample(node: Node, second: float) -> dict[str, float]:
    held = processes.look(node.pid)
    found = {"second": second, "rss_mib": sum(h.rss_mib for h in held)}
    for one in held:
        found[f"rss_mib.{one.role}"] = found.get(f"rss_mib.{one.role}", 0.0) + one.rss_mib
    with closing(read_only(node.database)) as database:  # the node's own count of its entries takes longer
        found["due"] = float(database.execute("SELECT count(*) FROM journal_due").fetchone()[0])
    return found


def _spread(values: list[float]) -> dict[str, float]:
    told = {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "most": max(values, default=0.0)}
    return {"n": len(values)} | {k: round(v, 2) for k, v in told.items() if v == v}
