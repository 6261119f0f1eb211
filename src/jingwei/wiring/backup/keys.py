"""Secret and keys of a node, encrypted with a passphrase: scrypt, then AES-256-GCM.

Without them a restored node works; its people set up their second factors again, and it signs its
seals with a new key. They go into a backup only when asked for, and never open.
"""

import base64
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from .archive import FORM, BackupRefused

#: Cost of one guess: 128 MB and about half a second. Source: RFC 7914 section 2; N as OWASP Password
#: Storage Cheat Sheet recommends (2^17, r 8, p 1).
_N, _R, _P = 2**17, 8, 1
#: Shortest passphrase taken. Source: NIST SP 800-63B-4 section 3.1.1.2, 15 characters for a sole factor.
SHORTEST = 15


def seal(content: Mapping[str, bytes], passphrase: str) -> bytes:
    """The files, unreadable without the passphrase."""
    if len(passphrase) < SHORTEST:
        raise BackupRefused("backup_passphrase_short", least=SHORTEST)
    salt, nonce = os.urandom(16), os.urandom(12)
    plain = json.dumps({name: base64.b64encode(data).decode() for name, data in content.items()}).encode()
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, FORM.encode())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    text = {name: base64.b64encode(data).decode() for name, data in parts.items()}
    return json.dumps({"kdf": "scrypt", "n": _N, "r": _R, "p": _P, "cipher": "aes-256-gcm", **text}).encode()


def unseal(data: bytes, passphrase: str) -> dict[str, bytes]:
    """The files again. Refuses a wrong passphrase and a changed part alike."""
    try:
        parts = json.loads(data)
        salt, nonce, sealed = (base64.b64decode(parts[n]) for n in ("salt", "nonce", "sealed"))
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, FORM.encode())
    except (InvalidTag, ValueError, KeyError) as error:
        raise BackupRefused("backup_passphrase_wrong") from error
    return {name: base64.b64decode(text) for name, text in json.loads(plain).items()}


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(passphrase.encode())
