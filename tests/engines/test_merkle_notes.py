"""Signed notes: the published example to the byte, several signatures, and texts that are no notes."""

import base64

import pytest

from jingwei.engines.merkle.notes import (
    MOST_SIGNATURES,
    BadSignature,
    Ed25519Signer,
    Ed25519Verifier,
    MalformedNote,
    UnknownAlgorithm,
    add_signature,
    open_note,
    read_key,
    sign_note,
)

#: The example of the Go original, golang.org/x/mod/sumdb/note, note_test.go. Its private key is public.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
LINE = f"— PeterNeumann {SIGNATURE}\n"
OTHER_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
OTHER = "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
OTHER_LINE = f"— EnochRoot {OTHER}\n"

PETER, ENOCH = read_key(KEY), read_key(OTHER_KEY)
SIGNER = Ed25519Signer("PeterNeumann", base64.b64decode(PRIVATE)[1:])


def test_the_published_key_and_note_to_the_byte():
    assert (SIGNER.verifier, PETER.key, PETER.key_id.hex()) == (PETER, KEY, "c74f20a3")
    assert sign_note(TEXT, SIGNER) == TEXT + "\n" + LINE


def test_signatures_by_known_keys_are_checked_and_others_passed_over():
    both = TEXT + "\n" + LINE + OTHER_LINE
    assert open_note(both, [PETER, ENOCH]).signed_by == (PETER, ENOCH)
    assert open_note(both, [ENOCH]).signed_by == (ENOCH,)
    assert open_note(TEXT + "\n" + LINE + LINE, [PETER]).signed_by == (PETER,)
    assert open_note(both, [PETER]).text == TEXT


def test_one_bad_signature_by_a_known_key_spoils_the_note():
    bad = OTHER_LINE.replace("5n2t", "5n3t")
    assert open_note(TEXT + "\n" + LINE + bad, [PETER]).signed_by == (PETER,)
    with pytest.raises(BadSignature, match="EnochRoot"):
        open_note(TEXT + "\n" + LINE + bad, [PETER, ENOCH])


def test_a_key_that_only_shares_name_or_id_is_another_key():
    """Whose key it really is says the whole key: a name, and even an id, can be had by anybody."""
    same_name = Ed25519Signer("PeterNeumann", bytes(32))
    with pytest.raises(BadSignature, match=f"only by PeterNeumann\\+{same_name.verifier.key_id.hex()}"):
        open_note(sign_note(TEXT, same_name), [PETER])

    class SameId(Ed25519Verifier, frozen=True):
        @property
        def key_id(self):
            return PETER.key_id

    with pytest.raises(BadSignature, match="does not hold"):
        open_note(TEXT + "\n" + LINE, [SameId("PeterNeumann", same_name.verifier.public)])
    with pytest.raises(ValueError, match="two keys"):
        open_note(TEXT + "\n" + LINE, [PETER, SameId("PeterNeumann", same_name.verifier.public)])


def test_a_witness_signs_the_text_with_its_time():
    witness = Ed25519Signer("province.example/w", b"w" * 32, witnessed_s=1_764_000_000)
    note = add_signature(sign_note(TEXT, SIGNER), witness)
    assert open_note(note, [PETER, witness.verifier]).signed_by == (PETER, witness.verifier)
    assert read_key(witness.verifier.key) == witness.verifier
    plain = Ed25519Signer("province.example/w", b"w" * 32)
    assert plain.verifier.key_id != witness.verifier.key_id, "one key, two uses, never confused"
    signed = base64.b64decode(note.splitlines()[-1].split(" ")[2])
    message = b"cosignature/v1\ntime 1764000000\n" + TEXT.encode()
    assert signed[4:12] == (1_764_000_000).to_bytes(8, "big") and plain.sign(message) == signed[12:]
    for at in range(4, 12):
        moved = bytes([*signed[:at], signed[at] ^ 1, *signed[at + 1 :]])
        line = f"— province.example/w {base64.b64encode(moved).decode()}\n"
        with pytest.raises(BadSignature):
            open_note(TEXT + "\n" + LINE + line, [PETER, witness.verifier])
    with pytest.raises(MalformedNote, match="already"):
        add_signature(note, witness)


@pytest.mark.parametrize(("at_s", "held"), [(2**63 - 1, True), (2**63, False)])
def test_a_witnesss_time_ends_where_the_standard_says(at_s, held):
    witness = Ed25519Signer("w", b"w" * 32, witnessed_s=at_s)
    assert witness.verifier.verify(b"text\n", witness.sign(b"text\n")) is held


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        TEXT + "\n",
        TEXT + "\n" + LINE[:-1],
        "\x01" + TEXT + "\n" + LINE,
        "\r" + TEXT + "\n" + LINE,
        TEXT + "\n" + f"— Bad Name {SIGNATURE}\n",
        TEXT + "\n" + f"— Bad+Name {SIGNATURE}\n",
        TEXT + "\n" + f"—  {SIGNATURE}\n",
        TEXT + "\n" + f"- PeterNeumann {SIGNATURE}\n",
        TEXT + "\n" + f"— PeterNeumann {SIGNATURE} \n",
        TEXT + "\n" + "— PeterNeumann x08go/\n",
        TEXT + "\n" + "— PeterNeumann x08goy==\n",
        TEXT + "\n" + "— PeterNeumann\n",
        TEXT + "\n" + LINE + "Unexpected line.\n",
        TEXT + "\n" + LINE + "\n",
        TEXT + "\n" + LINE * (MOST_SIGNATURES + 1),
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(MalformedNote):
        open_note(note, [PETER])


def test_a_note_of_the_most_signatures_is_read():
    strangers = [Ed25519Signer(f"k{i}", bytes([i]) * 32) for i in range(16)]
    note = sign_note(TEXT, strangers[0])
    for one in strangers[1:]:
        note = add_signature(note, one)
    assert len(open_note(note, [s.verifier for s in strangers]).signed_by) == len(strangers)
    assert open_note(TEXT + "\n" + LINE * MOST_SIGNATURES, [PETER]).signed_by == (PETER,)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", UnknownAlgorithm),
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", MalformedNote),
        (KEY.replace("c74f20a3", "c74f20a4"), MalformedNote),
        (KEY.replace("Peter", "Petra"), MalformedNote),
        (KEY[:-1], MalformedNote),
        ("PeterNeumann", UnknownAlgorithm),
        ("", UnknownAlgorithm),
    ],
)
def test_what_is_no_key_is_refused(key, error):
    with pytest.raises(error):
        read_key(key)


def test_a_private_key_is_never_printed():
    assert base64.b64decode(PRIVATE)[1:].hex() not in repr(SIGNER) + repr(vars(SIGNER))
    assert "private_bytes" not in repr(SIGNER)


@pytest.mark.parametrize("text", ["no end of line", "tab\there\n"])
def test_a_text_that_could_not_be_read_back_is_not_signed(text):
    with pytest.raises(MalformedNote):
        sign_note(text, SIGNER)
