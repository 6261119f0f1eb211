"""One-time codes of a second factor: HOTP and, over steps of time, TOTP."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

#: Figures of a code. Source: [SRC-RFC4226] section 5.3, at least six.
DIGITS = 6
#: Length of a step, seconds. Source: [SRC-RFC6238] section 5.2, the recommended default.
STEP_S = 30
#: Steps by which the other clock may go wrong, either way. Source: [SRC-RFC6238] section 5.2, at most
#: one step for delay; section 6 for a clock that drifts.
SKEW_STEPS = 1
#: Bytes of a shared secret. Source: [SRC-RFC4226] section 4, R6: 160 bits are recommended.
SECRET_BYTES = 20


def hotp(secret: bytes, counter: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code for a counter.

    Source: [SRC-RFC4226] section 5.3; other digests as [SRC-RFC6238] section 1.2.
    """
    digest = hmac.new(secret, counter.to_bytes(8, "big"), getattr(hashlib, algorithm)).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def step_of(at_real: datetime) -> int:
    """The step a time lies in, counted from 1970. Source: [SRC-RFC6238] section 4.2."""
    return int(at_real.timestamp()) // STEP_S


def find_step(secret: bytes, code: str, *, at_real: datetime, after: int) -> int | None:
    """The step whose code this is, a step early or late included; None for a wrong or a used code.

    `after`: the last step whose code was taken; it and older ones are refused, so no code counts twice.
    """
    now, found = step_of(at_real), None
    given = code.encode("utf-8", "surrogatepass")
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if hmac.compare_digest(hotp(secret, step).encode(), given) and step > after and found is None:
            found = step
    return found


def secret_text(secret: bytes) -> str:
    """The secret as authenticator apps take it: base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def key_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """The address by which authenticator apps take a secret in. Source: [SRC-KEYURI]."""
    label = f"{quote(issuer)}:{quote(account)}"
    options = {"secret": secret_text(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(options, quote_via=quote)}"
