"""One-time codes: the published vectors, the step early and late, and no code twice."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from jingwei.engines import otp

SECRET = b"12345678901234567890"
#: Source: [SRC-RFC4226] appendix D: counters 0 to 9.
HOTP = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
#: Source: [SRC-RFC6238] appendix B: seconds since 1970, digest, code of eight figures.
TOTP = [
    (59, "sha1", "94287082"),
    (59, "sha256", "46119246"),
    (59, "sha512", "90693936"),
    (1111111109, "sha1", "07081804"),
    (1111111109, "sha256", "68084774"),
    (1111111109, "sha512", "25091201"),
    (1111111111, "sha1", "14050471"),
    (1111111111, "sha256", "67062674"),
    (1111111111, "sha512", "99943326"),
    (1234567890, "sha1", "89005924"),
    (1234567890, "sha256", "91819424"),
    (1234567890, "sha512", "93441116"),
    (2000000000, "sha1", "69279037"),
    (2000000000, "sha256", "90698825"),
    (2000000000, "sha512", "38618901"),
    (20000000000, "sha1", "65353130"),
    (20000000000, "sha256", "77737706"),
    (20000000000, "sha512", "47863826"),
]
LENGTHS = {"sha1": 20, "sha256": 32, "sha512": 64}
NOW = datetime(2026, 7, 20, 8, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("counter", "code"), list(enumerate(HOTP)))
def test_counters_give_the_published_codes(counter: int, code: str) -> None:
    assert otp.hotp(SECRET, counter) == code


@pytest.mark.parametrize(("second", "algorithm", "code"), TOTP)
def test_times_give_the_published_codes(second: int, algorithm: str, code: str) -> None:
    secret = (SECRET * 4)[: LENGTHS[algorithm]]
    step = otp.step_of(datetime.fromtimestamp(second, UTC))
    assert otp.hotp(secret, step, digits=8, algorithm=algorithm) == code


def code_at(steps: int) -> str:
    return otp.hotp(SECRET, otp.step_of(NOW) + steps)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off_either_way(steps: int, taken: bool) -> None:
    found = otp.find_step(SECRET, code_at(steps), at_real=NOW, after=0)
    assert found == (otp.step_of(NOW) + steps if taken else None)


def test_a_step_begins_and_ends_on_the_half_minute() -> None:
    start = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
    assert otp.step_of(start) == otp.step_of(start + timedelta(seconds=29.999))
    assert otp.step_of(start + timedelta(seconds=30)) == otp.step_of(start) + 1


def test_a_code_that_was_taken_is_refused_and_older_ones_too() -> None:
    step = otp.step_of(NOW)
    for steps in (-1, 0):
        assert otp.find_step(SECRET, code_at(steps), at_real=NOW, after=step) is None
    assert otp.find_step(SECRET, code_at(1), at_real=NOW, after=step) == step + 1


@pytest.mark.parametrize("code", ["", "0", "abcdef", code_at(0) + "0", "\x00" * 6, "\ud800", "１２３４５６"])
def test_anything_else_is_no_code(code: str) -> None:
    assert otp.find_step(SECRET, code, at_real=NOW, after=0) is None


def test_the_key_reads_back_from_its_text_and_its_address() -> None:
    secret = bytes(range(otp.SECRET_BYTES))
    assert base64.b32decode(otp.secret_text(secret)) == secret
    uri = otp.key_uri(secret, issuer="Jingwei 郑州", account="he.jing")
    assert uri.startswith("otpauth://totp/Jingwei%20%E9%83%91%E5%B7%9E:he.jing?secret=")
    assert "&issuer=Jingwei%20%E9%83%91%E5%B7%9E&digits=6&period=30" in uri
