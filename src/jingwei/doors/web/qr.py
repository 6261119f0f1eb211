"""A text as a QR code, drawn into the page as SVG: it goes through no address and no other server."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Pixels of one module, and modules of quiet around the code.
#: Source: our estimate, four each is read by a phone at arm's length, 2026-11-22.
MODULE_PX, QUIET = 4, 4


def drawn(text: str, name: str, *, fits: bool = False) -> SafeString:
    """Dark on light whatever the theme: that is how readers expect it. `name` says what it is.

    `fits`: as large as the page's own rules make it, instead of so many pixels a module.
    """
    code = segno.make(text, error="m", micro=False)
    shape = code.svg_inline(scale=MODULE_PX, border=QUIET, dark="#000", light="#fff", omitsize=fits)
    image = mark_safe(shape)  # noqa: S308 - numbers and commands of a path, no text of anybody
    return format_html('<span role="img" aria-label="{}">{}</span>', name, image)
