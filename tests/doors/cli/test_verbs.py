"""The operator's verbs: each a recorded act, refusals as sentences with exit code 2."""

import io
from datetime import timedelta

import pytest

from jingwei.apps.agencies.actions.proving import name_key
from jingwei.apps.agencies.facts import (
    AccountUnlocked,
    PasswordReset,
    PersonEnrolled,
    SecondFactorReset,
    TokenIssued,
)
from jingwei.apps.agencies.models import AccountLock, SecondFactor, User
from jingwei.apps.agencies.queries import find_token
from jingwei.apps.hazards.models import DeadlineRule
from jingwei.apps.journal import queries as journal
from jingwei.apps.places.models import Division
from jingwei.kernel.refusals import Refused
from jingwei.wiring.__main__ import main
from jingwei.wiring.prepare import real_moment
from jingwei.wiring.release import check_country
from tests.builders import holding_of


@pytest.fixture
def typed(monkeypatch):
    """What is typed at the password prompt."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def test_a_new_node_is_founded_loaded_and_staffed(empty_db, typed, capsys):
    typed("a long first password")
    line = ["found", "--organization", "410122-zbs", "--name-zh", "中牟县政府总值班室"]
    assert main([*line, "--name-en", "Zhongmu duty office", "--place", "410122", "--operator", "admin1"]) == 0
    assert main(["load"]) == 0
    assert main(["roster", "zhengzhou"]) == 0
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert "founded: 410122-zbs" in out and "failed 0" in out
    typed("another long password")
    assert main([*line, "--name-en", "x", "--place", "410122"]) == 2, "a node is founded once"


def test_a_node_elsewhere_loads_neither_places_nor_law_of_china(empty_db, typed, capsys, settings):
    settings.JINGWEI_COUNTRY = "BR"
    typed("a long first password")
    line = ["found", "--organization", "4314-gov", "--name-zh", "Porto Alegre", "--name-en", "Porto Alegre"]
    assert main([*line, "--place", "4314", "--operator", "admin1"]) == 0
    assert main(["load"]) == 0
    assert "take in your own" in capsys.readouterr().out
    assert not Division.objects.exists() and not DeadlineRule.objects.exists()


@pytest.mark.django_db
def test_a_node_that_is_moved_abroad_is_not_served_with_the_rules_it_had(settings):
    check_country()
    settings.JINGWEI_COUNTRY = "BR"
    with pytest.raises(Refused, match="node_abroad"):
        check_country()
    assert main(["load"]) == 0
    check_country()


@pytest.mark.django_db
def test_enrolling_resetting_and_tokens_are_recorded_acts(typed, capsys):
    typed("first long password")
    assert (
        main(["enroll", "newcomer", "--name-zh", "新来", "--name-en", "New", "--post", "4101-zbs-duty"]) == 0
    )
    typed("second long password")
    assert main(["password", "newcomer"]) == 0
    assert main(["token", "4101-zbs-feeds", "the new feed"]) == 0
    plain = capsys.readouterr().out.split()[-1]
    assert find_token(plain, at_real=real_moment().at) is not None
    said = journal.list_entries(kinds=[PersonEnrolled, PasswordReset, TokenIssued])
    assert [e.by for e in said[-3:]] == [holding_of("zhongyu")] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "says"),
    [
        (["password", "nobody-here"], "user name"),
        (["token", "no-such-post", "x"], "nobody holds"),
        (["roster", "no-such-folder"], "no-such-folder"),
        (["password", "hejing", "--as", "hejing"], "operator"),
    ],
)
def test_what_is_refused_is_a_sentence_and_exit_code_2(typed, capsys, line, says):
    typed("a long enough password")
    from django.utils import translation

    with translation.override("en"):
        assert main(line) == 2
    assert says in capsys.readouterr().err


@pytest.mark.django_db
def test_a_lost_second_factor_and_a_lock_are_lifted_at_the_machine(capsys):
    user, now = User.objects.get(username="hejing"), real_moment().recorded_at
    SecondFactor.objects.create(user=user, sealed="sealed", begun_at=now, from_at=now)
    assert main(["factor", "hejing"]) == 0
    until = now + timedelta(minutes=5)
    AccountLock.objects.create(name=name_key("hejing"), user=user, times=1, until_at=until)
    assert main(["unlock", "hejing"]) == 0
    said = journal.list_entries(kinds=[SecondFactorReset, AccountUnlocked])
    assert [e.by for e in said] == [holding_of("zhongyu")] * 2
    assert main(["unlock", "hejing"]) == 2
