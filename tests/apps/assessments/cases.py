"""How each action of assessments is performed, for the questions about rights."""

from datetime import UTC, datetime

from jingwei.apps.assessments import actions
from jingwei.apps.assessments.facts import Assessment, Compared, Words
from tests.rights import Act, Stage, action_case

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)


def nothing_found(case: str = "a-case") -> Compared:
    """An outcome without a line."""
    title = Words("试", "try")
    return Compared(
        case=case, title=title, delay_min=15, inputs="0" * 64, version="0", from_at=NOW, until_at=NOW,
        rows=0, told=0, withheld=(), entries=0, failures=0, lines=(), pairs=(), facts=(),
        assessment=Assessment(case=case, title=title, event_ref="", records=0, checks=()),
    )  # fmt: skip


@action_case("assessments.keep_comparison", scoped=False)
def keep_comparison(stage: Stage) -> Act:
    return lambda by, moment: actions.keep_comparison(nothing_found(), by=by, moment=moment)
