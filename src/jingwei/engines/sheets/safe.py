"""Cells that a spreadsheet would run as a formula, made plain text."""

#: What a cell begins with when a spreadsheet takes it for a formula or a command.
#: Source: OWASP Cheat Sheet Series, CSV Injection, list of leading characters, 2025.
LEADING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain_cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it; numbers stay as they are."""
    if not text.startswith(LEADING):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def plain_again(text: str) -> str:
    """Without the apostrophe that `plain_cell` put there: what was written out is read back the same."""
    return text[1:] if text.startswith("'") and text[1:].startswith(LEADING) else text
