"""Small sums for drawings, and words where no mark-up may stand."""

import textwrap

from django import template

from jingwei.apps.assessments.facts import Words
from jingwei.doors.web import terms
from jingwei.doors.web.double_axis import LEFT, RIGHT, WIDTH

register = template.Library()

#: Between two rows of points, in units of the drawing.
ROW = 13
#: Between two days, where time runs downward.
DAY = 28
#: The same axis downward, for a narrow screen: where it begins, and how long it is.
TOP, LONG = 44, 720


@register.filter
def plus(x: float, more: float) -> float:
    return round(x + float(more), 1)


@register.filter
def down(x: float) -> float:
    """Where a place on the axis lies when time runs downward."""
    return round(TOP + (float(x) - LEFT) * LONG / (WIDTH - LEFT - RIGHT), 1)


@register.filter
def far(width: float) -> float:
    """How long a stretch of the axis is when time runs downward."""
    return round(float(width) * LONG / (WIDTH - LEFT - RIGHT), 1)


@register.filter
def row_of(day: int, first: int) -> int:
    return int(first) + int(day) * DAY


@register.filter
def row_y(row: int, first: int) -> int:
    return first + row * ROW


@register.filter
def folded(text: str, most: int) -> list[str]:
    """In lines of at most so many characters, broken between words."""
    return textwrap.wrap(text, int(most))


@register.filter
def plain(words: Words) -> str:
    """In the page's language, else in the other."""
    return terms.spoken(words.zh, words.en)[0]
