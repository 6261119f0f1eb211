"""Check a proof exported by a Jingwei node, without Jingwei: verify_proof.py PROOF.json [PUBLISHED_KEY]

Exit code 0: proved. 1: not proved. 2: nothing is wrong, but the signer is not sure: no published key was
given, or the package `cryptography` is not there. Source: RFC 9162 section 2.1.3.2, C2SP tlog-checkpoint.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaf, index, size, path):
    fn, sn, r = index, size - 1, sha256(b"\0", leaf)
    for p in path:
        if sn == 0 or len(p) != len(r):
            return None
        from_left = fn & 1 or fn == sn
        r = sha256(b"\1", p, r) if from_left else sha256(b"\1", r, p)
        while from_left and not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 and 0 <= index < size else None


def is_signed(text, lines, name, key):
    for raw in (base64.b64decode(sig) for dash, who, sig in map(str.split, lines) if who == name):
        if raw[:4] == sha256(name.encode(), b"\n", key)[:4]:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

            Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], text.encode())
            return True
    return False


def main(file, published=None):
    proof = json.loads(Path(file).read_text(encoding="utf-8"))
    leaf, *path = (base64.b64decode(one, validate=True) for one in [proof["leaf"], *proof["path"]])
    text, _, signatures = proof["checkpoint"].rpartition("\n\n")
    origin, size, root, *more = text.split("\n")
    name, _, key = (published or proof["key"]).split("+", 2)
    if proof["form"] != "jingwei proof/1" or more[:2] != ["hash sha256", "signature ed25519"]:
        raise ValueError("a form or an algorithm that is not known here")
    if name != origin or published not in (None, proof["key"]) or size != str(proof["size"]):
        raise ValueError("the key or the size is not the checkpoint's")
    if root_of(leaf, proof["index"], int(size), path) != base64.b64decode(root, validate=True):
        raise ValueError("the entry is not at its place under the root")
    print(leaf.decode("utf-8", "replace"))
    print(f"entry {proof['index']} of {size} at {origin}, {more[2]}, key {proof['key']}")
    try:
        if not is_signed(f"{text}\n", signatures.splitlines(), name, base64.b64decode(key)):
            raise ValueError("no signature by the key")
    except ImportError:
        published = None
    print("PROVED" if published else "NOTHING WRONG, BUT THE SIGNER IS NOT SURE")
    return 0 if published else 2


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a proof, it proves nothing
        sys.exit(f"NOT PROVED: {str(error) or type(error).__name__}")
