"""Every text of the doors has its Chinese sentence, and the compiled catalog is that of the source."""

from babel.messages.pofile import read_po

from tests.house import translations


def test_every_text_has_a_chinese_sentence() -> None:
    assert translations.list_untranslated() == []


def test_no_sentence_is_left_over() -> None:
    assert translations.list_unused() == []


def test_the_compiled_catalog_is_up_to_date() -> None:
    # `python -m tests.house.translations` compiles it
    assert translations.MO.read_bytes() == translations.compiled()


def test_gaps_of_a_sentence_are_the_same_in_both_languages() -> None:
    import re

    gaps = re.compile(r"\{\w+\}|%\(\w+\)s")
    for message in translations.read_catalog():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert set(gaps.findall(text)) == set(gaps.findall(ids[-1])), ids


def test_a_text_without_a_sentence_is_found(monkeypatch, tmp_path) -> None:
    lines = translations.PO.read_text(encoding="utf-8").replace('msgstr "值班台"', 'msgstr ""')
    emptied = tmp_path / "django.po"
    emptied.write_text(lines, encoding="utf-8")
    with emptied.open("rb") as file:
        assert read_po(file, locale="zh_Hans").get("Desk").string == ""
    monkeypatch.setattr(translations, "PO", emptied)
    assert any("'Desk'" in line for line in translations.list_untranslated())
