"""What a test of a refusal looks at: the code, and that nothing was written down."""

import pytest

from jingwei.kernel.refusals import Refused
from tests.builders import holding_of, receive, told
from tests.refusing import refusing

pytestmark = pytest.mark.django_db


def tell() -> None:
    receive(told("水到胸口了", place="410103"), by=holding_of("lisiyuan"))


def test_a_refusal_that_leaves_nothing_is_one():
    with refusing(Refused, "no_way"):
        raise Refused("no_way")


@pytest.mark.parametrize("code", ["no", "no_way_out", ""])
def test_canary_another_code_is_seen(code):
    with pytest.raises(AssertionError), refusing(Refused, code):
        raise Refused("no_way")


def test_canary_what_is_written_down_and_then_refused_is_seen():
    with pytest.raises(AssertionError, match="written down"), refusing(Refused, "no_way"):
        tell()
        raise Refused("no_way")


def test_canary_what_is_not_refused_is_seen():
    with pytest.raises(pytest.fail.Exception), refusing(Refused, "no_way"):
        pass
