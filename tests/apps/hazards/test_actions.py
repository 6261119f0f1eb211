"""Tables of rules are taken in whole, once, with a fact for each; a bad one leaves nothing behind."""

from datetime import date

import pytest
from django.db import transaction

from jingwei.apps.agencies.queries import NotAllowed
from jingwei.apps.hazards import actions, models, queries
from jingwei.apps.hazards.facts import RulesLoaded
from jingwei.apps.hazards.rules import TABLES, RulesRefused
from jingwei.apps.journal import queries as journal
from tests.rights import a_holding, moment, role_without

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    with transaction.atomic():
        for model in (*queries.MODELS.values(), models.RuleTable):
            model._default_manager.all().delete()
    return a_holding("operator")


@pytest.fixture
def loaded(operator):
    before = journal.count_entries()
    assert actions.load_shipped_rules(by=operator, moment=moment()) == list(TABLES)
    assert journal.count_entries() == before + len(TABLES)
    return operator


def test_each_table_is_a_fact_with_counts_and_digests(loaded):
    said = journal.list_entries(kinds=[RulesLoaded], newest=len(TABLES))
    by_table = {one.fact.table: one.fact for one in said}
    assert by_table["grading-rules"].rows == models.GradingRule.objects.count() == 200
    assert by_table["event-codes"].rows == models.Kind.objects.count() == 389
    assert all(len(fact.file_digest) == len(fact.rows_digest) == 64 for fact in by_table.values())


def test_loading_the_same_again_changes_and_says_nothing(loaded):
    before = journal.count_entries()
    assert actions.load_shipped_rules(by=loaded, moment=moment()) == []
    assert journal.count_entries() == before


def test_a_changed_table_replaces_the_shipped_rows_and_keeps_a_nodes_own(loaded):
    own = models.DeadlineRule.objects.get(rule_id="HN-01")
    own.pk, own.node, own.limit_minutes = None, "county", 10
    with transaction.atomic():
        own.save()
    text = queries.list_shipped_tables()["reporting-deadlines"].decode()
    changed = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("HN-02"))
    tables = {"reporting-deadlines": changed.encode()}
    assert actions.load_rules(tables, by=loaded, moment=moment()) == ["reporting-deadlines"]
    assert not models.DeadlineRule.objects.filter(rule_id="HN-02").exists()
    assert models.DeadlineRule.objects.filter(rule_id="HN-01").count() == 2


def test_a_table_with_an_unknown_source_is_refused_and_nothing_is_written(loaded):
    before = journal.count_entries()
    shipped = queries.list_shipped_tables()
    fewer = shipped["metrics"][: shipped["metrics"].index(b"gust")]
    lost = shipped["grading-rules"].replace(b"SRC-REG493", b"SRC-NOWHERE")
    tables = {"metrics": fewer, "grading-rules": lost}
    with pytest.raises(RulesRefused) as refused:
        actions.load_rules(tables, by=loaded, moment=moment())
    assert refused.value.code == "rules_table_bad"
    assert journal.count_entries() == before
    assert "gust" in queries.list_metrics()
    assert all(table.unchanged for table in queries.list_loaded_tables())


def test_who_may_not_is_refused(operator):
    viewer = a_holding(role_without("hazards.load_rules"))
    with pytest.raises(NotAllowed) as refused:
        actions.load_shipped_rules(by=viewer, moment=moment())
    assert refused.value.code == "not_allowed"
    assert models.Kind.objects.count() == 0


def test_canary_a_rule_changed_without_a_fact_shows(loaded):
    assert all(table.unchanged for table in queries.list_loaded_tables())
    with transaction.atomic():
        models.GradingRule.objects.filter(rule_id="GR142").update(value="300")
    assert [t.table for t in queries.list_loaded_tables() if not t.unchanged] == ["grading-rules"]


# --- reads -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "on", "table"),
    [
        ("11B03", date(2021, 7, 20), "meteorological_disaster"),
        ("11B00", date(2021, 7, 20), "meteorological_disaster"),
        ("11B03", date(2005, 12, 31), None),
        ("11A03", date(2021, 7, 20), "flood_drought"),
        ("11D02", date(2021, 7, 20), "geological_disaster"),
        ("11000", date(2021, 7, 20), None),
        ("11C02", date(2010, 4, 14), "earthquake_2006plan"),
        ("11C02", date(2012, 9, 1), "earthquake"),
        ("11C02", date(2023, 12, 18), "earthquake"),
        ("11C02", date(2025, 10, 10), "earthquake"),
        ("11C02", date(2025, 10, 11), None),
        ("12K01", date(2021, 7, 20), "railway_accident"),
        ("12P08", date(2021, 7, 20), "power_outage_regional_grid"),
        ("12P04", date(2021, 7, 20), "production_safety_accident"),
        ("12P04", date(2007, 5, 31), None),
        ("14A01", date(2021, 7, 20), "mass_incident"),
        ("", date(2021, 7, 20), None),
        ("nonsense", date(2021, 7, 20), None),
    ],
)
def test_the_table_of_a_kind_and_day(loaded, kind, on, table):
    found = queries.find_grading_table(kind, on)
    assert (found.name if found else None) == table


def test_a_table_says_whether_its_validity_is_known(loaded):
    storm = queries.find_grading_table("11B03", date(2021, 7, 20))
    assert storm is not None and storm.validity == "unknown"
    clause = storm.rows[0].clause
    assert (clause.source, clause.validity, clause.title_year) == ("SRC-GRADING2006", "unknown", 2006)


def test_deadlines_of_the_storms_day(loaded):
    then = {rule.rule_id for rule in queries.list_deadlines(on=date(2021, 7, 20))}
    assert {"ND-03", "PS-02", "HN-01"} <= then
    assert not {rule for rule in then if rule.startswith("ERL-")}
    now = {rule.rule_id for rule in queries.list_deadlines(on=date(2026, 11, 22))}
    assert "ERL-01" in now


def test_triggers_of_the_relief_plan_of_2024_do_not_judge_2021(loaded):
    plan = "national_disaster_relief"
    assert queries.list_triggers(on=date(2021, 7, 20), plan=plan) == []
    assert len(queries.list_triggers(on=date(2024, 7, 20), plan=plan)) == 46


def test_a_continued_row_has_the_source_of_its_group(loaded):
    rows = {rule.rule_id: rule for rule in queries.list_triggers()}
    assert rows["RT009"].source == rows["RT008"].source == "SRC-RELIEF2024"


def test_kinds_are_found_by_code_and_by_name_in_both_languages(loaded):
    assert queries.search_kinds("暴雨")[0].code == "11B03"
    assert queries.search_kinds("rainstorm")[0].code == "11B03"
    assert queries.search_kinds("11b0", limit=3)[0].code == "11B00"
    assert queries.search_kinds("  ") == []
    assert queries.list_known_kinds({"11B03", "99999"}) == {"11B03"}


def test_kinds_inside_a_kind(loaded):
    codes = [kind.code for kind in queries.list_kinds(within="11B00")]
    assert codes[0] == "11B00" and "11B03" in codes and "11A01" not in codes


def test_what_is_not_there_is_refused_or_none(loaded):
    assert queries.find_kind("99999") is None and queries.find_source("SRC-NO") is None
    assert queries.find_rule("GR999") is None and queries.find_rule("ND-03").limit_minutes == 1440
    for get in (lambda: queries.get_kind("99999"), lambda: queries.get_source("SRC-NO")):
        with pytest.raises(RulesRefused) as refused:
            get()
        assert refused.value.code in {"kind_unknown", "source_unknown"}


def test_a_source_is_read_with_title_and_evidence(loaded):
    source = queries.get_source("SRC-EQ2012")
    assert (source.repealed_on, source.superseded_by) == (date(2025, 10, 11), "SRC-EQ2025")
    assert len(queries.list_sources()) == 93
