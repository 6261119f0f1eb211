"""The pages of files of reports: handed in, matched, taken in, seen on the list."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jingwei.apps.agencies.queries import get_machine
from jingwei.apps.reports import actions
from jingwei.apps.reports.models import Report, ReportFile
from jingwei.doors.entry.moments import this_moment
from tests.doors.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
CSV = (
    "接警时间,警情内容,事发地点,报警人,联系电话,处警员\n"
    "2021-07-20 16:05,隧道进水有车被困,京广南路隧道,某甲,13912345678,王警官\n"
    "昨天,停电,金水区,,,\n"
)


def handed_in(client, body: bytes, name: str = "警情.csv") -> str:
    answer = client.post("/reports/files", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302
    return answer["location"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_file_is_matched_looked_at_and_taken_in(charset, language):
    client = signed_in("lisiyuan", language)
    assert client.get("/reports/files").status_code == 200
    path = handed_in(client, CSV.encode(charset))
    text = client.get(path).content.decode()
    assert "隧道进水有车被困" in text and "处警员: 王警官" in text and not Report.objects.exists()
    assert "13912345678" not in text and "某甲" not in text, "who called is not shown"
    chosen = {
        "m_0": "occurred_at",
        "m_1": "words",
        "m_2": "place_words",
        "m_3": "caller_name",
        "m_4": "caller_phone",
    }
    looked = client.post(path, chosen)
    assert looked.status_code == 200 and not Report.objects.exists()
    assert client.post(path, chosen | {"do": "1"})["location"] == path
    assert 'http-equiv="refresh"' in client.get(path).content.decode()
    actions.take_in_files(by=get_machine(), moment=this_moment())
    assert Report.objects.count() == 2
    done = client.get(path).content.decode()
    assert "2 / 2" in done and 'http-equiv="refresh"' not in done
    assert "隧道进水有车被困" in client.get("/reports").content.decode()


def test_lines_may_be_pasted():
    client = signed_in("lisiyuan")
    answer = client.post("/reports/files", {"lines": "内容\t地点\n进水\t金水区\n"})
    assert answer.status_code == 302 and ReportFile.objects.get().total == 1


def test_what_is_no_table_is_refused_in_words():
    client = signed_in("lisiyuan")
    answer = client.post("/reports/files", {"lines": " "})
    assert answer.status_code >= 400 and "文件是空的" in answer.content.decode()


def test_nobody_else_sees_it_and_who_may_not_is_offered_nothing(client):
    assert client.get("/reports/files")["location"].startswith("/sign-in")
    path = handed_in(signed_in("lisiyuan"), CSV.encode())
    assert signed_in("hejing").get(path).status_code == 404
    watching = signed_in("jianzhiyao")
    assert 'type="file"' not in watching.get("/reports/files").content.decode()
    assert watching.post("/reports/files", {"lines": "内容\n进水\n"}).status_code == 403
