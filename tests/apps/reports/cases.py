"""How each action of reports is performed, for the questions about rights."""

import uuid

from jingwei.apps.reports import actions
from jingwei.apps.reports.facts import Told
from jingwei.apps.reports.models import ReportPhoto
from tests.builders import told
from tests.rights import Act, Stage, action_case


@action_case("reports.receive_reports", scoped=False)
def receive_reports(stage: Stage) -> Act:
    report = told(place=stage.place)
    return lambda by, moment: actions.receive_reports([report], by=by, moment=moment)


@action_case("reports.transcribe_report")
def transcribe_report(stage: Stage) -> Act:
    unread = Told(raw="{half a report", place=stage.place)
    (answer,) = actions.receive_reports([unread], by=duty(stage), moment=stage.moment)
    report = told(place=stage.place)
    return lambda by, moment: actions.transcribe_report(answer.id, report, by=by, moment=moment)


@action_case("reports.reveal_caller")
def reveal_caller(stage: Stage) -> Act:
    report = told(place=stage.place, caller_name="某人", caller_phone="13800000000")
    (answer,) = actions.receive_reports([report], by=duty(stage), moment=stage.moment)
    return lambda by, moment: actions.reveal_caller(answer.id, reason="回访", by=by, moment=moment)


@action_case("reports.look_at_photo")
def look_at_photo(stage: Stage) -> Act:
    (answer,) = actions.receive_reports([told(place=stage.place)], by=duty(stage), moment=stage.moment)
    photo = ReportPhoto.objects.create(
        report_id=answer.id, content_digest="0" * 64, mime="image/jpeg", width=1, height=1, bytes=1
    )
    return lambda by, moment: actions.look_at_photo(answer.id, photo.id, by=by, moment=moment)


def duty(stage: Stage):
    from tests.rights import a_holding

    return a_holding("duty_officer", place=stage.place)


@action_case("reports.receive_public_report", scoped=False)
def receive_public_report(stage: Stage) -> Act:
    report = told(place=stage.place, channel="web", key="form-1")
    return lambda by, moment: actions.receive_public_report(report, address="192.0.2.7", by=by, moment=moment)


@action_case("reports.attach_photo")
def attach_photo(stage: Stage) -> Act:
    from jingwei.apps.reports.facts import Photo

    (answer,) = actions.receive_reports([told(place=stage.place)], by=duty(stage), moment=stage.moment)
    photo = Photo(content=b"pixels", mime="image/jpeg", width=1, height=1)
    return lambda by, moment: actions.attach_photo(answer.id, photo, by=by, moment=moment)


@action_case("reports.set_photo_aside")
def set_photo_aside(stage: Stage) -> Act:
    (answer,) = actions.receive_reports([told(place=stage.place)], by=duty(stage), moment=stage.moment)
    return lambda by, moment: actions.set_photo_aside(answer.id, reason="heic", by=by, moment=moment)


@action_case("reports.erase_caller")
def erase_caller(stage: Stage) -> Act:
    report = told(place=stage.place, caller_name="某人", caller_phone="13800000000")
    (answer,) = actions.receive_reports([report], by=duty(stage), moment=stage.moment)
    return lambda by, moment: actions.erase_caller(answer.id, clause="预案第九条", by=by, moment=moment)


def a_file(stage: Stage) -> uuid.UUID:
    return actions.begin_file("来报.csv", ["内容"], [["进水"]], [], by=duty(stage), moment=stage.moment)


@action_case("reports.begin_file", scoped=False)
def begin_file(stage: Stage) -> Act:
    return lambda by, moment: actions.begin_file("a.csv", ["内容"], [["进水"]], [], by=by, moment=moment)


@action_case("reports.take_file", scoped=False)
def take_file(stage: Stage) -> Act:
    file_id, said = a_file(stage), [Told(words="进水")]
    return lambda by, moment: actions.take_file(file_id, {"words": "内容"}, said, by=by, moment=moment)


@action_case("reports.take_in_files", scoped=False)
def take_in_files(stage: Stage) -> Act:
    by = duty(stage)
    said = [Told(words="进水", place=stage.place, kind="12P04")]
    actions.take_file(a_file(stage), {"words": "内容"}, said, by=by, moment=stage.moment)
    return lambda by, moment: actions.take_in_files(by=by, moment=moment)
