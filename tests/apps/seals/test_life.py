"""Epochs, erasure, proofs, and a sealer that is killed while it seals."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.journal.models import Entry
from jingwei.apps.people.actions import erase_person, import_list
from jingwei.apps.people.facts import Listed
from jingwei.apps.people.models import ListedPerson
from jingwei.apps.reports.actions import erase_caller
from jingwei.apps.reports.models import Caller
from jingwei.apps.seals import actions as seals
from jingwei.apps.seals import queries
from jingwei.apps.seals.queries import checking
from jingwei.apps.seals.queries.digests import list_digesters, list_recorded
from jingwei.doors.entry.moments import real_now
from tests.apps.seals.intruder import AT, make_record, moment, raw
from tests.builders import a_moment, an_incident, holding_of, receive, told
from tests.nodes import LiveDatabase

SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "verify_proof.py"


@pytest.fixture
def node(live_db: LiveDatabase, settings, tmp_path: Path) -> LiveDatabase:
    settings.HOME = live_db.home
    make_record()
    return live_db


def test_the_key_is_for_the_node_alone_and_nowhere_else(node):
    path = queries.path_of_key()
    assert path.stat().st_mode & 0o777 == 0o600
    seed = path.read_text().split("\n")[1]
    assert all(seed not in json.dumps(body) for body in Entry.objects.values_list("body", flat=True))


def test_a_lost_key_stops_the_sealing_and_a_new_epoch_goes_on(node):
    queries.path_of_key().unlink()
    receive(told("钥匙丢了以后"), by=holding_of("lisiyuan"))
    with pytest.raises(seals.CannotSeal, match="key_missing"):
        seals.seal_all(at=AT + timedelta(seconds=20))
    kept = queries.find_last_note(1)
    assert seals.begin_epoch("key_lost", by=get_machine(), moment=moment(AT + timedelta(seconds=21))) == 2
    seals.seal_all(at=AT + timedelta(seconds=22))
    found = queries.verify(against=[kept])
    assert found.findings == [] and found.origin == "test/2" and found.unsealed == 0


def test_the_first_seal_of_an_epoch_names_the_last_of_the_old_one_and_both_sign(node):
    old = queries.find_last_note(1)
    seals.begin_epoch("restored", by=get_machine(), moment=moment())
    seals.seal_all(at=AT + timedelta(seconds=22))
    note = queries.find_last_note(2)
    assert note.count("\n— test/2 ") == 1 and note.count("\n— test/1 ") == 1
    with raw(node.name) as do:
        ((head,),) = do("SELECT head FROM seals_seal WHERE epoch = 2")
    assert json.loads(head.partition("\n")[2])["last"] == old
    assert queries.verify().is_green


def test_what_an_ended_epoch_sealed_later_is_told_by_a_checkpoint_from_elsewhere(node):
    from tests.apps.seals.test_attacks import older

    gone = older(node)
    assert seals.begin_epoch("restored", by=get_machine(), moment=moment()) == 2
    seals.seal_all(at=AT + timedelta(minutes=1))
    assert queries.verify().is_green  # the restore is on the record
    assert "rolled_back" in queries.verify(against=[gone]).counts


@pytest.mark.parametrize("number", [0, 1, -1])
def test_a_proof_is_verified_by_the_script_in_a_bare_interpreter(node, tmp_path, number):
    entries = list(Entry.objects.order_by("seq").values_list("id", flat=True))
    proof = queries.prove(entries[number])
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    key = queries.find_epoch().key
    line = [sys.executable, "-I", str(SCRIPT), str(tmp_path / "proof.json"), key]
    done = subprocess.run(line, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}, check=False)
    assert done.returncode == 0 and "PROVED" in done.stdout and str(entries[number]) in done.stdout
    proof["index"] = int(str(proof["index"])) + 1
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert subprocess.run(line, capture_output=True, check=False).returncode == 1


def test_an_entry_without_a_seal_has_no_proof_yet(node):
    receive(told("还没有封存"), by=holding_of("lisiyuan"))
    assert queries.prove(Entry.objects.order_by("-seq").values_list("id", flat=True)[0]) is None


def test_erasure_leaves_the_record_provable_and_is_said(node):
    by = holding_of("hejing")
    incident = an_incident()
    person = Listed(number="7", name="张三", sex="男", age="40", id_last4="1234", place_words="", status="")
    import_list(incident.id, measure="missing", lines=[person], source="名单", by=by, moment=a_moment())
    seals.seal_all(at=AT + timedelta(seconds=20))
    row = ListedPerson.objects.get()
    erase_person(row.id, clause="预案第九条", by=by, moment=a_moment())
    (answer,) = receive(told("有人呼救", caller_name="李四", caller_phone="139"), by=by)
    erase_caller(answer.id, clause="预案第九条", by=by, moment=a_moment())
    seals.seal_all(at=AT + timedelta(seconds=21))
    found = queries.verify()
    assert [f for f in found.findings if "Incident" not in f.of] == [] and found.erased == 1
    row = ListedPerson.objects.get()
    assert (row.age, row.id_last4) == (None, "") and "张三" not in row.name
    caller = Caller.objects.get(report_id=answer.id)
    assert (caller.name, caller.phone) == ("", "")
    with raw(node.name) as do:
        do("UPDATE people_listedperson SET measure = 'dead'")
    assert "row_changed" in queries.verify().counts


def test_several_processes_find_the_same_as_one(node, monkeypatch):
    monkeypatch.setattr(checking, "AT_ONCE", 7)
    monkeypatch.setattr(checking.rows, "AT_ONCE", 5)
    assert queries.verify(processes=2).is_green
    with raw(node.name) as do:
        do("UPDATE reports_report SET words = 'nothing happened'")
    one, two = queries.verify(), queries.verify(processes=2)
    assert one.findings == two.findings and one.counts == two.counts


def test_signs_that_must_be_escaped_are_digested_as_they_were_sealed(node):
    odd = "".join(map(chr, range(1, 0x30))) + '\x7f\x85\u2028\\"é🚒\u200b中'
    receive(told(odd), by=holding_of("lisiyuan"))
    seals.seal_all(at=AT + timedelta(seconds=30))
    assert queries.verify().is_green
    with raw(node.name) as do:
        do("UPDATE reports_report SET words = replace(words, '中', '国')")
    assert "row_changed" in queries.verify().counts


def test_every_digested_field_has_its_way_of_writing(db):
    assert set(list_digesters(connection.vendor)) == set(list_recorded())


def test_a_check_does_not_hold_up_who_writes(node):
    from jingwei.apps.seals.queries.checking.snapshot import snapshot

    with snapshot() as view:
        before = view.all("SELECT count(*) FROM journal_entry")
        receive(told("核验当中的报告"), by=holding_of("lisiyuan"))
        assert view.all("SELECT count(*) FROM journal_entry") == before


def test_a_sealer_killed_again_and_again_catches_up(live_db, settings):
    settings.HOME = live_db.home
    by = holding_of("lisiyuan")
    env = {**live_db.env, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    line = [sys.executable, "-m", "jingwei.wiring", "worker"]
    for n in range(4):
        worker = subprocess.Popen(line, env=env)
        until = time.monotonic() + 60
        sealed = queries.find_last_seal()
        receive(*(told(f"第{n}轮 {i}") for i in range(50)), by=by, recorded_at=real_now())
        while queries.find_last_seal() == sealed and time.monotonic() < until:
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    seals.seal_all(at=real_now())
    found = queries.verify()
    assert found.findings == [] and found.unsealed == 0 and found.kept == found.seals >= 4


@pytest.fixture
def seals_on(node, monkeypatch) -> None:
    """The node takes a report and seals it while the record is looked at."""
    scan = checking._scan

    def scanning(*asked):
        receive(told("核对的时候来的"), by=holding_of("lisiyuan"))
        seals.seal_all(at=AT + timedelta(minutes=1))
        return scan(*asked)

    monkeypatch.setattr(checking, "_scan", scanning)


@pytest.mark.usefixtures("seals_on")
def test_a_node_that_seals_on_while_it_is_checked_is_green():
    found = queries.verify()
    assert found.findings == [] and found.kept == found.seals


@pytest.mark.usefixtures("seals_on")
def test_canary_checkpoints_read_after_the_view_was_taken_look_like_an_older_database(monkeypatch):
    read = checking.get_kept

    class Late:
        where = "checkpoints"
        count = staticmethod(lambda: 0)
        notes = property(lambda self: read().notes)

    monkeypatch.setattr(checking, "get_kept", Late)
    assert queries.verify().findings[0].what == "rolled_back"
