"""What an area's columns say together: whether its shape can be read, and what follows from it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from jingwei.apps.registers.facts import CellError
from jingwei.engines import shapes
from jingwei.engines.shapes import Shape, ShapeUnreadable
from jingwei.kernel.codes import is_place_code, normal_place

#: What is said of a shape that cannot be read, and beside which column.
UNREADABLE = {
    "point": ("shape", "shape_point"),
    "few": ("shape", "shape_few"),
    "many": ("shape", "shape_many"),
    "parts": ("shape", "shape_parts"),
    "radius": ("radius_m", "shape_radius"),
}
#: The form of an area that is made of divisions.
DIVISIONS = "divisions"


def shape_of(values: Mapping[str, Any]) -> Shape | None:
    """The area's shape; None for one made of divisions. Raises `ShapeUnreadable`."""
    if values["form"] == DIVISIONS:
        return None
    return shapes.read_shape(values["form"], values["shape"] or "", radius_m=values.get("radius_m") or 0.0)


def codes_of(text: str) -> list[str]:
    """The divisions that an area is made of, without padding; what is no code stays as it is written."""
    words = [word for word in re.split(r"[\s,，;；、]+", text or "") if word]
    return list(dict.fromkeys(normal_place(word) for word in words))


def check_area(values: Mapping[str, Any]) -> list[CellError]:
    """What of form, shape, radius and divisions does not fit, as far as they are given."""
    if not values.get("form") or "shape" not in values:
        return []
    if values["form"] == DIVISIONS:
        wrong = [code for code in codes_of(values.get("divisions") or "") if not is_place_code(code)]
        if not values.get("divisions"):
            return [CellError("divisions", "cell_needed", {"clause": ""})] if "divisions" in values else []
        return [CellError("divisions", "shape_divisions", {"given": ", ".join(wrong)[:60]})] if wrong else []
    if not values["shape"]:
        return [CellError("shape", "shape_missing")]
    try:
        shape_of(values)
    except ShapeUnreadable as error:
        column, code = UNREADABLE[error.what]
        return [CellError(column, code, {"given": error.given})]
    return []
