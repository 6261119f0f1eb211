"""The check of the record knows the files kept with rows: one replaced or gone is found."""

from jingwei.apps.registers import actions
from jingwei.apps.registers.facts import Document
from jingwei.apps.registers.queries.files import path_of_file
from jingwei.apps.seals.queries import verify
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of

PDF = Document(name="合同.pdf", mime="application/pdf", content=b"%PDF-1.4\n%%EOF\n")


def test_a_file_replaced_or_gone_is_found(live_db, settings, tmp_path):
    settings.HOME = tmp_path
    by, moment = holding_of("zhongyu"), real_moment()
    row = actions.add_row("teams", {"name": "一队", "place": "4101", "kind": "FIRE"}, by=by, moment=moment)
    path = path_of_file(actions.attach_file("teams", row, PDF, by=by, moment=moment))
    found = verify()
    assert found.photos == 1 and not found.counts
    path.write_bytes(b"%PDF-1.4 other\n%%EOF\n")
    assert verify().counts == {"photo_swapped": 1}
    path.unlink()
    assert verify().counts == {"photo_missing": 1}
