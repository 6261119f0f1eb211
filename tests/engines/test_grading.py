"""The gravest grade that holds is given; what could still make it graver is named."""

from jingwei.engines.grading import Clause, GradeRow, GradeTable, grade, list_metrics
from jingwei.kernel.grades import Grade


def row(id: str, level: int, group: str, metric: str, op: str, value: str) -> GradeRow:
    clause = Clause(rule_id=id, source="SRC-TEST", metric=metric, op=op, value=value)
    return GradeRow(grade=Grade(level), group=group, clause=clause)


#: Drawn by hand: grade 1 from 30 deaths or a loss of 50; grade 2 from 10 deaths or when a dam broke.
HAND = GradeTable(
    name="hand",
    kind="11B00",
    name_zh="手绘",
    name_en="Drawn by hand",
    rows=(
        row("H1", 1, "b", "loss", ">=", "50"),
        row("H2", 1, "a", "deaths", ">=", "30"),
        row("H3", 2, "a", "deaths", ">=", "10"),
        row("H4", 2, "a", "deaths", "<", "30"),
        row("H5", 2, "c", "dam", "==", "true"),
    ),
)


def ids(clauses) -> list[str]:
    return [clause.rule_id for clause in clauses]


def test_without_figures_it_is_not_gradable_and_asks_for_deaths_first():
    found = grade({}, HAND)
    assert (found.state, found.grade, found.could_be) == ("not_gradable", None, Grade(1))
    assert found.missing == ("deaths", "loss")
    assert ids(found.judgement) == ["H5"]


def test_the_gravest_grade_is_given_with_its_clause_and_nothing_missing():
    found = grade({"deaths": 33}, HAND)
    assert (found.state, found.grade, found.could_be) == ("graded", Grade(1), Grade(1))
    assert (ids(found.clauses), found.missing, found.judgement) == (["H2"], (), ())


def test_a_lesser_grade_says_what_could_make_it_graver():
    found = grade({"deaths": 29}, HAND)
    assert (found.grade, found.could_be, found.missing) == (Grade(2), Grade(1), ("loss",))
    assert ids(found.clauses) == ["H3", "H4"]


def test_a_lesser_grade_with_everything_known_stands():
    found = grade({"deaths": 29, "loss": 1}, HAND)
    assert (found.grade, found.could_be, found.missing) == (Grade(2), Grade(2), ())


def test_below_every_threshold_no_grade_can_come():
    found = grade({"deaths": 1, "loss": 1, "dam": False}, HAND)
    assert (found.state, found.could_be, found.missing, found.judgement) == ("not_gradable", None, (), ())


def test_a_person_may_judge_what_no_figure_says():
    found = grade({"deaths": 1, "loss": 1}, HAND, judged={"H5": True})
    assert (found.grade, ids(found.clauses)) == (Grade(2), ["H5"])


def test_no_table_is_said_and_so_is_an_empty_one():
    empty = GradeTable(name="e", kind="11B00", name_zh="", name_en="", rows=())
    assert grade({"deaths": 1}, None).state == grade({"deaths": 1}, empty).state == "no_table"


def test_a_table_is_of_known_validity_only_if_every_row_is():
    assert HAND.validity == "unknown"


def test_metrics_are_asked_deaths_first():
    assert list_metrics(HAND) == ["deaths", "loss"]
