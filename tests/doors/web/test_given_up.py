"""Pages of reports and releases: given up and restored, told to the press, figures, links for anybody."""

import pytest
from django.test import Client

from jingwei.apps.releases.models import Edition, Release
from jingwei.apps.sitreps.models import Obligation, Sitrep
from tests.apps.releases.test_notices import activate
from tests.apps.sitreps.test_actions import SIX_DEAD, a_draft, a_storm, confirm
from tests.apps.sitreps.test_drafts import adopt
from tests.apps.sitreps.test_public import publish
from tests.builders import STORM, holding_of
from tests.doors.web.test_plans import signed_in

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_a_release_is_discarded_and_restored_from_its_page():
    row = Release.objects.get(activation=activate(3).id)
    chief = signed_in("hejing")
    page = text(chief.get(f"/releases/{row.id}"))
    assert f"/releases/{row.id}/discard" in page and f"/activations/{row.activation}" in page
    assert chief.post(f"/releases/{row.id}/discard", {"version": "1", "reason": " "}).status_code == 422
    chief.post(f"/releases/{row.id}/discard", {"version": "1", "reason": "与市级通告重复"})
    page = text(chief.get(f"/releases/{row.id}"))
    assert "与市级通告重复" in page and f"/releases/{row.id}/restore" in page and "<textarea" not in page
    assert "与市级通告重复" not in text(chief.get("/public"))
    assert str(row.id) in text(chief.get("/releases"))
    chief.post(f"/releases/{row.id}/restore", {"version": "2", "reason": "仍需发布"})
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_release_says_that_it_was_told_at_a_press_conference():
    row = Release.objects.get(activation=activate(3).id)
    Edition.objects.filter(release=row).update(
        state="approved", title_zh="通告", text_zh="停课。", title_en="", text_en="",
        valid_until=STORM.replace(year=2099), approved_by=holding_of("hejing"),
    )  # fmt: skip
    chief = signed_in("hejing")
    assert 'name="conference"' in text(chief.get(f"/releases/{row.id}/publish"))
    assert 'name="conference"' not in text(chief.get(f"/releases/{row.id}/discard"))
    chief.post(f"/releases/{row.id}/publish", {"version": "1", "conference": "yes"})
    assert Edition.objects.get(release=row).conference is True


def test_the_response_shows_its_notices_as_releases():
    row = activate(2)
    page = text(signed_in("hejing").get(f"/activations/{row.id}"))
    assert all(f"/releases/{r.id}" in page for r in Release.objects.filter(activation=row.id))


def test_a_report_is_given_up_and_restored_from_its_page():
    draft = a_draft(a_storm(SIX_DEAD), holding_of("lisiyuan"))
    officer, path = signed_in("lisiyuan"), f"/sitreps/{draft.id}"
    assert f"{path}/discard" in text(officer.get(path))
    assert officer.post(f"{path}/discard", {"version": "1", "reason": ""}).status_code == 422
    officer.post(f"{path}/discard", {"version": "1", "reason": "与政府报告重复"})
    page = text(officer.get(path))
    assert "与政府报告重复" in page and f"{path}/submit" not in page and "<textarea" not in page
    assert path in text(officer.get("/sitreps?view=discarded"))
    officer.post(f"{path}/restore", {"reason": "仍需报送"})
    assert Sitrep.objects.get(pk=draft.pk).state == "draft"


def test_a_figure_says_whether_it_was_adopted_and_why_it_was_lowered():
    from jingwei.apps.people import actions as people
    from jingwei.apps.people.facts import Given
    from tests.builders import a_moment

    storm, by = a_storm(SIX_DEAD), holding_of("lisiyuan")
    officer = signed_in("lisiyuan")
    told = text(officer.get(f"/sitreps/{a_draft(storm, by).id}"))
    assert "来报数字，尚未采用" in told
    first = adopt(storm, 6, by)
    given = Given(value=4, source="市应急局核定", as_of_at=STORM)
    people.revise_figure(first, given, reason="两人重复登记", by=by, moment=a_moment())
    page = text(officer.get(f"/sitreps/{a_draft(storm, by).id}"))
    assert "来报数字，尚未采用" not in page and "两人重复登记" in page and "市应急局核定" in page


def test_the_clock_of_the_public_leads_to_its_proof():
    storm = a_storm(SIX_DEAD)
    confirm(storm, 1)
    told = publish(storm, STORM)
    assert Obligation.objects.get(incident=storm, rule_id="PR-01").release_id == told.id
    page = text(signed_in("lisiyuan").get("/clocks?view=met"))
    assert f'href="/releases/{told.id}"' in page
    owed = text(signed_in("lisiyuan").get("/clocks?view=open"))
    assert f"/incidents/{storm.id}#t-rel" in owed


def test_public_pages_are_linked_where_nobody_is_signed_in():
    page = text(Client().get("/sign-in"))
    assert page.count('href="/public"') == 2 and page.count('href="/report"') == 2, "in the form and the foot"
    public = text(Client().get("/public"))
    assert '<link rel="alternate" type="application/atom+xml" href="/public/feed.atom"' in public
