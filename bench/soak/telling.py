"""What is told during a soak: events that come and go, told several times, doubled, garbled, with photos."""

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

#: Kind of event, and how people speak of it.
EVENTS = (
    ("12P04", "隧道进水，有车被淹", "Water in the tunnel, cars under water"),
    ("11B03", "雨太大，路上水到膝盖", "Rain so heavy, water to the knees"),
    ("12P08", "停电了，整个小区", "No power in the whole block"),
    ("12P01", "路面塌陷，有人掉下去", "The road has caved in, somebody fell"),
    ("12P03", "地铁站进水", "Water in the metro station"),
)
#: Division, and its middle as longitude and latitude. Source: src/jingwei/data/places/points.csv.
PLACES = (
    ("410105", 113.66, 34.80), ("410102", 113.61, 34.75), ("410103", 113.66, 34.73),
    ("410104", 113.69, 34.75), ("410122", 113.97, 34.72), ("410181", 112.98, 34.75),
    ("410182", 113.38, 34.79), ("410183", 113.38, 34.54),
)  # fmt: skip
CHANNELS = ("110", "119", "120", "12345", "api", "station")
#: How long an event goes on being told, seconds, and how many go on at once.
LASTS_S, AT_ONCE = 1200.0, 30
#: Shares of what is sent: a report again, one nobody can read, one in another encoding.
AGAIN, GARBAGE, GBK = 0.05, 0.02, 0.02


@dataclass
class Sending:
    """One body to be posted. `mark` stands in its words and is nobody else's."""

    body: bytes
    key: str
    mark: str
    again: bool = False
    garbage: bool = False


@dataclass
class Event:
    kind: str
    zh: str
    en: str
    place: str
    lon: float
    lat: float
    until_s: float


@dataclass
class Teller:
    """Makes sendings; the same seed and times make the same ones."""

    seed: int
    events: list[Event] = field(default_factory=list)
    count: int = 0
    _said: list[Sending] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def tell(self, at_s: float) -> Sending:
        """The next sending at this second of the run."""
        chance = self.random.random()
        if chance < AGAIN and self._said:
            one = self.random.choice(self._said)
            return Sending(one.body, one.key, one.mark, again=True)
        self.count += 1
        mark = f"s{self.seed}-{self.count:07d}"
        if chance < AGAIN + GARBAGE:
            return Sending(f'{{"words": "{mark} 半句'.encode(), "", mark, garbage=True)
        told = self._told(at_s, mark)
        charset = "gb18030" if chance < AGAIN + GARBAGE + GBK else "utf-8"
        sending = Sending(json.dumps(told, ensure_ascii=False).encode(charset), mark, mark)
        self._said = [*self._said[-500:], sending]
        return sending

    def _told(self, at_s: float, mark: str) -> dict[str, object]:
        event = self._event(at_s)
        zh = self.random.random() < 0.9
        told: dict[str, object] = {
            "key": mark,
            "channel": self.random.choice(CHANNELS),
            "words": f"{event.zh if zh else event.en} {mark}",
            "kind": event.kind,
            "place": event.place,
        }
        if self.random.random() < 0.8:
            told |= {"lon": round(self._near(event.lon), 5), "lat": round(self._near(event.lat), 5)}
        if self.random.random() < 0.1:
            value = self.random.randint(1, 4)
            told["figures"] = [{"measure": "trapped", "value": value, "unit": "人"}]
        if self.random.random() < 0.3:
            told["caller_phone"] = f"139{self.random.randint(0, 99_999_999):08d}"
        return told

    def _near(self, degrees: float) -> float:
        """Some hundred metres off, as callers see one thing from different corners."""
        return degrees + self.random.gauss(0, 0.002)

    def _event(self, at_s: float) -> Event:
        self.events = [e for e in self.events if e.until_s > at_s]
        while len(self.events) < AT_ONCE:
            self.events.append(self._new_event(at_s))
        return self.random.choice(self.events)

    def _new_event(self, at_s: float) -> Event:
        kind, zh, en = self.random.choice(EVENTS)
        place, lon, lat = self.random.choice(PLACES)
        angle, away = self.random.uniform(0, 2 * math.pi), self.random.uniform(0, 0.08)
        return Event(
            kind=kind,
            zh=zh,
            en=en,
            place=place,
            lon=lon + away * math.cos(angle),
            lat=lat + away * math.sin(angle),
            until_s=at_s + LASTS_S * self.random.uniform(0.3, 1.0),
        )

    def photo(self) -> bytes:
        """A picture of the size a phone sends, different each time."""
        small = Image.frombytes("RGB", (80, 60), self.random.randbytes(80 * 60 * 3))
        out = BytesIO()
        small.resize((1600, 1200)).save(out, "JPEG", quality=88)
        return out.getvalue()


@dataclass(frozen=True)
class Rate:
    """Reports a second: a steady rate, and bursts at a higher one."""

    steady_per_s: float = 5.0
    burst_per_s: float = 100.0
    burst_every_s: float = 600.0
    burst_lasts_s: float = 20.0

    def at(self, second: float) -> float:
        begun = second >= self.burst_every_s / 2
        phase = (second - self.burst_every_s / 2) % self.burst_every_s
        return self.burst_per_s if begun and phase < self.burst_lasts_s else self.steady_per_s

    def times(self, until_s: float) -> Iterator[float]:
        """The seconds at which reports are due."""
        now = 0.0
        while now < until_s:
            yield now
            now += 1 / self.at(now)
