"""What is shown of personal data before somebody says why they look."""

from ..facts import Cell


def masked(mask: str, value: Cell) -> Cell:
    """Enough to tell one line from another, not enough to call or find the person."""
    text = str(value or "")
    if not mask or not text:
        return value
    if mask == "name":
        return text[0] + "*" * min(len(text) - 1, 2)
    if mask == "phone" and len(text) > len("136****71"):
        return f"{text[:3]}****{text[-2:]}"
    return "****"
