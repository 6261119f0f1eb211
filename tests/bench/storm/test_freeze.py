"""The storm is frozen: a change needs a decision record that quotes the new freeze."""

import shutil
from pathlib import Path

import pytest

from bench.storm.freeze import as_text, changed, digests, total
from bench.storm.parameters import HERE
from bench.storm.seeds import development_seeds, evaluation_seeds

DECISIONS = Path(__file__).parents[3] / "docs" / "decisions"
#: The first freeze, made before any matcher was seen.
FIRST = "3cf8c3c391a24dd46c6f1063785353428d0804d1f1e296f1e673fc44641d0732"


def is_known(digest: str, decisions: Path) -> bool:
    """The first freeze, or one that a decision record quotes."""
    return digest == FIRST or any(digest in page.read_text() for page in sorted(decisions.glob("*.md")))


def test_no_file_differs_from_the_freeze() -> None:
    assert changed() == []


def test_a_renewed_freeze_stands_in_a_decision_record() -> None:
    assert is_known(total((HERE / "FROZEN").read_text(encoding="utf-8")), DECISIONS)


def test_canary_changes_are_seen(tmp_path: Path) -> None:
    copy = tmp_path / "storm"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert changed(copy) == []
    with (copy / "parameters.toml").open("a") as file:
        file.write("\n")
    (copy / "words" / "phrases_dev_fr.csv").write_text("role,about,style,text\n")
    (copy / "kinds.csv").unlink()
    assert changed(copy) == ["kinds.csv", "parameters.toml", "words/phrases_dev_fr.csv"]
    renewed = total(as_text(digests(copy)))
    assert not is_known(renewed, tmp_path)
    (tmp_path / "0099-storm.md").write_text(f"The storm is frozen anew: {renewed}")
    assert is_known(renewed, tmp_path)


def test_seeds_for_evaluation_follow_from_the_commit() -> None:
    one, other = "0" * 40, "f" * 40
    assert len(development_seeds()) == len(set(development_seeds())) == 20
    assert evaluation_seeds(one) == evaluation_seeds(one)
    assert len(set(evaluation_seeds(one))) == 20
    assert not set(evaluation_seeds(one)) & (set(evaluation_seeds(other)) | set(development_seeds()))
    assert evaluation_seeds(one, 3) == evaluation_seeds(one)[:3]
    with pytest.raises(ValueError, match="full commit"):
        evaluation_seeds("abc")
