"""Who speaks when: every report's moment, voice, channel and origin, kept small so that words can stream."""

import math
import random
from array import array
from dataclasses import dataclass, field

from bench.storm.city import City, Site
from bench.storm.incidents import Incident, zipf_sizes
from bench.storm.parameters import CALLS, CHANNELS, Kind, Parameters, kinds

#: What a report stems from.
INCIDENT, RUMOUR, IRRELEVANT, SPOOF = 0, 1, 2, 3
#: How a report stands to an earlier one.
FIRST, REPEAT, RELAY, DUPLICATE = 0, 1, 2, 3
#: Voices from here on are officials, each known by an office.
OFFICIAL = 1_000_000
#: Topics of rumours and the kind and site each pretends. Source: assumed.
TOPICS = {"dam": ("11A03", "reservoir"), "tap": ("12Q01", "pump"), "toll": ("12L99", "metro"),
          "quake": ("11D04", "estate"), "beast": ("12Q01", "park"), "cut": ("12P08", "estate")}  # fmt: skip


@dataclass(slots=True)
class Rumour:
    """Something told that never was; a spoofed one is pushed by few senders in minutes."""

    id: int
    topic: str
    kind: Kind
    site: Site
    start_s: float
    size: int
    spoof: bool = False


@dataclass
class Schedule:
    """Reports as parallel arrays; `order` holds their numbers by arrival. Times in seconds."""

    arrival: array = field(default_factory=lambda: array("d"))
    called: array = field(default_factory=lambda: array("d"))
    origin: array = field(default_factory=lambda: array("b"))
    source: array = field(default_factory=lambda: array("l"))
    voice: array = field(default_factory=lambda: array("l"))
    channel: array = field(default_factory=lambda: array("b"))
    stand: array = field(default_factory=lambda: array("b"))
    ref: array = field(default_factory=lambda: array("l"))
    late: array = field(default_factory=lambda: array("b"))
    order: array = field(default_factory=lambda: array("l"))
    rank: array = field(default_factory=lambda: array("l"))

    def add(self, called: float, origin: tuple[int, int], voice: int, channel: int,
            stand: tuple[int, int] = (FIRST, -1)) -> int:  # fmt: skip
        self.called.append(called)
        self.arrival.append(called)
        self.origin.append(origin[0])
        self.source.append(origin[1])
        self.voice.append(voice)
        self.channel.append(channel)
        self.stand.append(stand[0])
        self.ref.append(stand[1])
        self.late.append(0)
        return len(self.called) - 1

    def sort(self) -> None:
        self.order = array("l", sorted(range(len(self.arrival)), key=self.arrival.__getitem__))
        self.rank = array("l", bytes(self.order.itemsize * len(self.order)))
        for place, number in enumerate(self.order):
            self.rank[number] = place


def channel_weights(incidents: list[Incident], p: Parameters) -> dict[str, list[float]]:
    """Weights of the channels per kind such that the whole storm has the channels' shares."""
    mass = {k.code: 0.0 for k in kinds()}
    for incident in incidents:
        mass[incident.kind.code] += incident.size
    total = sum(mass.values()) or 1.0
    tilt = [1.0] * len(CHANNELS)
    liking = {k.code: [k.channels.get(c, 0.05) if c != "sensor" or k.sensor else 0.0 for c in CHANNELS]
              for k in kinds()}  # fmt: skip
    for _ in range(60):
        got = [0.0] * len(CHANNELS)
        for code, likes in liking.items():
            weights = [a * t for a, t in zip(likes, tilt, strict=True)]
            whole = sum(weights)
            for n, w in enumerate(weights):
                got[n] += mass[code] / total * w / whole
        tilt = [t * p[f"channel.{c}"] / g if g else t for t, c, g in zip(tilt, CHANNELS, got, strict=True)]
    return {code: [a * t for a, t in zip(likes, tilt, strict=True)] for code, likes in liking.items()}


class Scheduler:
    """Lays out a storm's reports: first callers, repeated ones, relays, rumours, backlogs, duplicates."""

    def __init__(self, city: City, rng: random.Random, p: Parameters, incidents: list[Incident]) -> None:
        self.city, self.rng, self.p, self.incidents = city, rng, p, incidents
        self.end_s = p["volume.hours"] * 3600
        self.rumours: list[Rumour] = []
        self.made = Schedule()
        self.weights = channel_weights(incidents, p)
        self.any_channel = [p[f"channel.{c}"] if c != "sensor" else 0.0 for c in CHANNELS]

    def lay_out(self, noise: int, scale: float, total: int) -> Schedule:
        for incident in self.incidents:
            self._tell(incident)
        rumours = round(noise * self.p["volume.rumour_part"])
        self._spread_rumours(rumours, min(rumours, max(3, round(self.p["volume.rumours"] * scale))))
        for n in range(noise - rumours):
            when = self.end_s * self.rng.betavariate(1.4, 1.4)
            channel = self.rng.choices(range(len(CHANNELS)), self.any_channel)[0]
            self.made.add(when, (IRRELEVANT, n), 0, channel)
        self._spoof(round(total * self.p["spoof.share"]))
        self._carry()
        self._duplicate()
        self.made.sort()
        return self.made

    def _delays(self, size: int, tau_s: float, room_s: float) -> list[float]:
        """Moments after the start, shortest first, all within the room that is left."""
        found = []
        while len(found) < size:
            slow = 4.0 if self.rng.random() < self.p["incident.tail_share"] else 1.0
            delay = self.rng.expovariate(1 / (tau_s * slow))
            if delay <= room_s:
                found.append(delay)
        return sorted(found)

    def _tell(self, incident: Incident) -> None:
        rng, p, weights = self.rng, self.p, self.weights[incident.kind.code]
        room = self.end_s - incident.start_s
        mine: list[int] = []
        voices = 0
        for delay in self._delays(incident.size, min(incident.tau_s, room / 2), room):
            called = incident.start_s + delay
            channel = rng.choices(range(len(CHANNELS)), weights)[0]
            name, draw, stand = CHANNELS[channel], rng.random(), (FIRST, -1)
            voice, voices = voices, voices + 1
            if name == "sensor" or not mine:
                pass
            elif draw < p["caller.repeat_share"]:
                earlier = self._who_waits(mine, called)
                if earlier >= 0:
                    voice, stand = self.made.voice[earlier], (REPEAT, earlier)
                    if rng.random() >= p["caller.repeat_other_channel"]:
                        channel = self.made.channel[earlier]
            elif draw < p["caller.repeat_share"] + p["caller.relay_share"]:
                roots = [n for n in mine[-60:] if self._is_post(n)]
                if roots:
                    stand = (RELAY, rng.choice(roots))
                    channel = (
                        CHANNELS.index("social") if rng.random() < p["caller.relay_by_post"] else channel
                    )
            elif rng.random() < p["caller.official_share"]:
                voice = OFFICIAL + rng.randrange(p["caller.officials"])
            mine.append(self.made.add(called, (INCIDENT, incident.id), voice, channel, stand))

    def _is_post(self, n: int) -> bool:
        """Something others can read and pass on."""
        return self.made.stand[n] == FIRST and CHANNELS[self.made.channel[n]] in ("app", "social")

    def _who_waits(self, mine: list[int], called: float) -> int:
        """An earlier caller who still waits, likelier the longer ago within the usual wait; or -1."""
        made, wait = self.made, 60 * self.p["caller.repeat_min"]
        waiting = [
            n
            for n in mine[-60:]
            if called - made.called[n] > 120 and made.voice[n] < OFFICIAL and made.stand[n] == FIRST
            and CHANNELS[made.channel[n]] != "sensor"
        ]  # fmt: skip
        if not waiting:
            return -1
        return self.rng.choices(
            waiting, [math.exp(-(called - made.called[n]) / wait) + 1e-9 for n in waiting]
        )[0]

    def _spread_rumours(self, reports: int, count: int) -> None:
        rng, by_code = self.rng, {k.code: k for k in kinds()}
        social = [
            w * (self.p["volume.rumour_social"] if c == "social" else 1.0)
            for c, w in zip(CHANNELS, self.any_channel, strict=True)
        ]
        for size in zipf_sizes([1.0] * count, reports, self.p):
            topic = rng.choice(sorted(TOPICS))
            code, kind_of_site = TOPICS[topic]
            site = rng.choice(self.city.by_type[kind_of_site])
            start = rng.uniform(0.1, 0.8) * self.end_s
            told = Rumour(len(self.rumours), topic, by_code[code], site, start, size)
            self.rumours.append(told)
            for voice, delay in enumerate(
                self._delays(size, 60 * self.p["volume.rumour_tau_min"], self.end_s - start)
            ):
                channel = rng.choices(range(len(CHANNELS)), social)[0]
                self.made.add(start + delay, (RUMOUR, told.id), voice, channel)

    def _spoof(self, reports: int) -> None:
        """Few senders push invented incidents, all at once."""
        rng, campaigns = self.rng, self.p["spoof.campaigns"]
        for n in range(campaigns if reports else 0):
            kind = rng.choice([k for k in kinds() if k.life >= 0.3])
            site = rng.choice([s for t in kind.sites for s in self.city.by_type[t]])
            size = reports // campaigns + (n < reports % campaigns)
            start = rng.uniform(0.2, 0.8) * self.end_s
            told = Rumour(len(self.rumours), "", kind, site, start, size, spoof=True)
            self.rumours.append(told)
            for _ in range(size):
                channel = rng.choices((0, 1, 5, 7), (2, 2, 3, 3))[0]
                voice = rng.randrange(self.p["spoof.senders"])
                self.made.add(
                    start + 60 * rng.uniform(0, self.p["spoof.minutes"]), (SPOOF, told.id), voice, channel
                )

    def _carry(self) -> None:
        """From the sender to the door: carried, late, stored while the county is cut off, or jammed."""
        rng, p, made = self.rng, self.p, self.made
        cut = (p["county.cut_from_h"] * 3600, p["county.cut_until_h"] * 3600)
        jams = [rng.uniform(0.2, 0.75) * self.end_s for _ in range(p["burst.count"])]
        for n in range(len(made.called)):
            at = made.called[n] + rng.expovariate(1 / p["time.carry_s"])
            if rng.random() < p["time.late_share"]:
                at += 60 * p["time.late_median_min"] * math.exp(rng.gauss(0, p["time.late_sigma"]))
                made.late[n] = 1
            elif CHANNELS[made.channel[n]] in CALLS:
                for begin in jams:
                    until = begin + 60 * p["burst.minutes"]
                    if begin <= made.called[n] < until and rng.random() < p["burst.part"]:
                        at = max(at, until + rng.uniform(0, p["burst.release_s"]))
            if self._district(n) == self.city.county and cut[0] <= made.called[n] < cut[1]:
                at = max(at, cut[1] + rng.uniform(0, p["county.flush_s"]))
                made.late[n] = 1
            made.arrival[n] = at

    def _district(self, n: int) -> int:
        if self.made.origin[n] != INCIDENT:
            return -1
        return self.incidents[self.made.source[n]].site.district

    def _duplicate(self) -> None:
        """A gateway hands the same message in again."""
        made, rng = self.made, self.rng
        for n in range(len(made.called)):
            if CHANNELS[made.channel[n]] in ("app", "social") and rng.random() < self.p["gateway.duplicates"]:
                origin = (made.origin[n], made.source[n])
                again = made.add(made.called[n], origin, made.voice[n], made.channel[n], (DUPLICATE, n))
                made.arrival[again] = made.arrival[n] + rng.expovariate(1 / 45.0)
