"""The script that checks an exported proof without this program: it proves what is true, and nothing else."""

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jingwei.engines import checkpoints, merkle
from jingwei.engines.checkpoints import Checkpoint, Ed25519Signer, unseal
from jingwei.engines.merkle import CompactRange, MemoryLevels, grow

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_proof.py"
NODE = Ed25519Signer("river.example/1", b"n" * 32)
STRANGER = Ed25519Signer("river.example/1", b"x" * 32)
WITNESS = Ed25519Signer("province.example", b"w" * 32, witnessed_s=1_764_000_000)

LEAVES = [b'jingwei entry/1\n{"n":%d}' % i for i in range(13)]
GROWN = grow(CompactRange(), merkle.leaf_hashes(LEAVES))
LEVELS = MemoryLevels()
LEVELS.keep(GROWN.runs)


def sealed(signer=NODE):
    one = Checkpoint(
        node="river.example",
        epoch=1,
        size=GROWN.range.size,
        root=GROWN.range.root,
        sealed_at=datetime(2026, 11, 22, 8, tzinfo=UTC),
    )
    return unseal(checkpoints.sign(one, signer), node=[signer.verifier])


def proof(index=5):
    path = merkle.inclusion_path(LEVELS, index=index, size=13)
    note = unseal(checkpoints.cosign(sealed(), WITNESS), node=[NODE.verifier])
    return checkpoints.proof_of(note, LEAVES[index], index=index, path=path)


def run(tmp_path, document, *key, options=("-I",)):
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    line = [sys.executable, *options, str(SCRIPT), str(file), *key]
    return subprocess.run(line, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False)


def test_the_independent_script_proves_an_entry(tmp_path):
    done = run(tmp_path, proof(), NODE.verifier.key)
    assert (done.returncode, done.stderr) == (0, "")
    assert "PROVED" in done.stdout and '"n":5' in done.stdout and "entry 5 of 13" in done.stdout


def test_the_script_is_independent():
    names = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    others = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert others == {"cryptography.hazmat.primitives.asymmetric.ed25519"}


def test_without_a_published_key_or_the_package_the_script_says_so(tmp_path):
    """A forger can put his own key beside his own checkpoint: a proof's own key makes nothing sure."""
    forged = checkpoints.proof_of(
        sealed(signer=STRANGER), LEAVES[5], index=5, path=merkle.inclusion_path(LEVELS, index=5, size=13)
    )
    done = run(tmp_path, forged)
    assert done.returncode == 2 and "NOT SURE" in done.stdout
    assert run(tmp_path, forged, NODE.verifier.key).returncode == 1
    bare = run(tmp_path, proof(), NODE.verifier.key, options=("-I", "-S"))
    assert bare.returncode == 2 and "NOT SURE" in bare.stdout, bare.stderr


def tampered():
    good = proof()
    swapped = [good["path"][1], good["path"][0], *good["path"][2:]]
    yield "leaf", {**good, "leaf": proof(6)["leaf"]}
    yield "index", {**good, "index": 4}
    yield "size", {**good, "size": 12}
    yield "path", {**good, "path": swapped}
    yield "path", {**good, "path": good["path"][:-1]}
    yield "checkpoint", {**good, "checkpoint": good["checkpoint"].replace("T08:", "T07:")}
    smaller = good["checkpoint"].replace("\n13\n", "\n14\n")
    yield "size", {**good, "size": 14, "checkpoint": smaller}
    yield "key", {**good, "key": STRANGER.verifier.key}
    yield (
        "signature",
        {**good, "checkpoint": good["checkpoint"].replace("— river.example/1", "— hill.example/1")},
    )
    yield "algorithm", {**good, "checkpoint": good["checkpoint"].replace("sha256", "sm3")}
    yield "form", {**good, "form": "jingwei proof/2"}
    yield "missing", {k: v for k, v in good.items() if k != "key"}


def test_the_independent_script_refuses_a_tampered_proof(tmp_path):
    name, document = next(tampered())
    done = run(tmp_path, document, NODE.verifier.key)
    assert done.returncode == 1 and "NOT PROVED" in done.stderr, name


def script():
    found = {"__name__": "verify_proof"}
    exec(compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec"), found)  # noqa: S102 - our own file
    return found


def test_the_script_does_not_go_on_beyond_the_root():
    left, right = merkle.leaf_hashes(LEAVES[:2])
    root_of = script()["root_of"]
    assert root_of(LEAVES[1], 1, 2, [left]) == merkle.node_hash(left, right)
    assert root_of(LEAVES[1], 0, 1, [left]) is None
    assert root_of(LEAVES[1], 1, 2, [left[:-1]]) is None
    assert root_of(LEAVES[0], -1, 1, []) is None and root_of(LEAVES[0], 1, 1, []) is None


@pytest.mark.parametrize(("name", "document"), list(tampered()))
def test_the_scripts_check_refuses_every_part(tmp_path, name, document):
    """In this process, for speed: the same `main` that the command runs."""
    check = script()
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof()), encoding="utf-8")
    assert check["main"](file, NODE.verifier.key) == 0
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(Exception):  # noqa: B017 - whatever is wrong, it is not proved
        check["main"](file, NODE.verifier.key)
