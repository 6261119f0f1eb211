"""The sketch of points: true to scale, labels apart, never a boundary."""

from jingwei.doors.web import sketch
from jingwei.kernel.lonlat import distance_m


def a_mark(lon: float, lat: float, name: str = "事件") -> sketch.Mark:
    return sketch.Mark(
        id=name, lon=lon, lat=lat, level=2, proposed=False, name_zh=name, name_en="Incident", href="/"
    )


def test_nothing_to_draw_draws_nothing() -> None:
    assert sketch.draw([], []).marks == []


def test_distances_are_those_of_the_scale() -> None:
    west, east = a_mark(113.0, 34.5, "西"), a_mark(114.0, 34.5, "东")
    drawn = sketch.draw([west, east], [])
    left, right = (
        drawn.scale_path.removeprefix("M").split(" ")[0],
        drawn.scale_path.split("H")[1].split("v")[0],
    )
    metres_a_pixel = float(drawn.scale_text.split()[0]) * 1000 / (float(right) - float(left))
    true = distance_m(113.0, 34.5, 114.0, 34.5)
    assert abs((east.x - west.x) * metres_a_pixel - true) / true < 0.01


def test_marks_at_one_place_step_aside() -> None:
    marks = [a_mark(113.65, 34.75, str(n)) for n in range(4)]
    sketch.draw(marks, [])
    assert len({(m.x, m.y) for m in marks}) == 4


def test_labels_lie_inside_and_apart() -> None:
    marks = [a_mark(113.6 + n / 50, 34.7 + n % 3 / 50, f"京广北路隧道{n}") for n in range(8)]
    drawn = sketch.draw(marks, [])
    boxes = []
    for m in (m for m in drawn.marks if m.label_x):
        wide = max(sketch.text_width(m.name_zh), sketch.text_width(m.name_en))
        left = m.label_x - {"start": 0, "end": wide, "middle": wide / 2}[m.anchor]
        assert left >= 0 and left + wide <= drawn.width
        boxes.append((left, m.label_y - 12, left + wide, m.label_y + 4))
    assert boxes
    assert not any(sketch.overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_places_outside_the_frame_are_not_drawn() -> None:
    far = sketch.Point(lon=100.0, lat=30.0, name_zh="远")
    assert sketch.draw([a_mark(113.6, 34.7)], [far]).points == []
