"""One report: what a system may see of it, and the truth about it."""

import random
from datetime import datetime, timedelta
from typing import Any

from bench.storm.city import City
from bench.storm.drafts import Draft, Drafter, Voice
from bench.storm.geometry import to_lonlat
from bench.storm.parameters import CHANNELS, Parameters
from bench.storm.schedule import DUPLICATE, INCIDENT, IRRELEVANT, RELAY, REPEAT, RUMOUR, SPOOF, Schedule
from bench.storm.telling import choose_field

CLASSES = {INCIDENT: "incident", RUMOUR: "rumour", IRRELEVANT: "irrelevant", SPOOF: "spoof"}


class Reporter(Drafter):
    """Writes any report of a storm from its number alone, and its truth."""

    def __init__(self, seed: str, city: City, bank: str, p: Parameters, schedule: Schedule) -> None:
        super().__init__(seed, city, bank, p, schedule)
        self.begins = datetime.fromisoformat(p["time.begins"])
        rng = random.Random(f"{seed}:gateways")
        skew = p["time.gateway_skew_s"]
        self.gateway_skew = {c: rng.uniform(-skew, skew) for c in CHANNELS}

    def write(self, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """The visible report and its truth."""
        made = self.schedule
        stand, root = made.stand[number], made.ref[number]
        if stand == DUPLICATE:
            report, truth = self.write(root)
            return report, self._place_in_line(truth | {"duplicate_of": made.rank[root]}, number)
        rng = self.dice(number)
        channel = CHANNELS[made.channel[number]]
        voice = self.voice(number, channel)
        draft = self.draft(number, rng, channel, voice)
        report = self._report(number, rng, channel, voice, draft)
        return report, self._truth(number, channel, voice, draft, report)

    def moment(self, seconds: float) -> str:
        return (self.begins + timedelta(seconds=round(seconds, 1))).isoformat(timespec="milliseconds")

    def _report(
        self, number: int, rng: random.Random, channel: str, voice: Voice, draft: Draft
    ) -> dict[str, Any]:
        """The JSON the public door takes: nothing of the truth is in it."""
        p, made = self.p, self.schedule
        report: dict[str, Any] = {}
        if rng.random() >= p["caller.key_missing"]:
            report["key"] = f"{rng.getrandbits(64):016x}"
        report["type"] = "observation" if channel == "sensor" else "occurrence"
        report["channel"] = channel
        report["words"] = draft.worded.text
        skew = self.gateway_skew[channel] + voice.clock_s
        if rng.random() >= p["time.sent_missing"]:
            report["sent_at"] = self.moment(made.called[number] + skew)
        about = self.source_of(number)
        if about is not None and rng.random() < p["time.occurred_given"]:
            told = about.start_s + skew + 60 * abs(rng.gauss(0, p["time.occurred_sigma_min"]))
            told = min(told, made.called[number] + skew)
            report["occurred_at"] = self.moment(told - told % 60)
            report["precision"] = "minute" if rng.random() < 0.5 else "approx"
        if about is not None:
            kind = choose_field(about.kind, channel, p, rng)
            report |= {"kind": kind} if kind else {}
        self._add_place(report, draft, rng)
        if channel != "sensor":
            report |= {"caller_phone": voice.phone} if voice.phone else {}
            report |= {"caller_name": voice.called} if rng.random() < p["caller.name_given"] else {}
        if voice.office:
            report["organization"] = voice.office
        return report

    def _add_place(self, report: dict[str, Any], draft: Draft, rng: random.Random) -> None:
        place = draft.place
        if place is None:
            return
        if place.level not in ("vague",) and draft.worded.place_span and rng.random() < self.p["place.field"]:
            begin, end = draft.worded.place_span
            report["place_words"] = draft.worded.text[begin:end]
        if place.point:
            report["lon"], report["lat"] = place.point[:2]
            report |= {"datum": place.point[2]} if place.point[2] else {}

    def _place_in_line(self, truth: dict[str, Any], number: int) -> dict[str, Any]:
        made = self.schedule
        return truth | {"n": made.rank[number], "arrived_s": round(made.arrival[number], 3)}

    def _truth(self, number: int, channel: str, voice: Voice, draft: Draft, report: dict[str, Any]
               ) -> dict[str, Any]:  # fmt: skip
        made, about = self.schedule, self.source_of(number)
        origin, stand, ref = made.origin[number], made.stand[number], made.ref[number]
        mine = origin == INCIDENT
        truth: dict[str, Any] = {
            "n": made.rank[number],
            "key": report.get("key", ""),
            "class": CLASSES[origin],
            "incident": about.id if mine and about else None,
            "rumour": about.id if about and not mine else None,
            "kind": about.kind.code if about and origin != RUMOUR else "",
            "life_critical": bool(mine and about and about.life),
            "lang": voice.lang,
            "channel": channel,
            "voice": voice.name,
            "called_s": round(made.called[number], 3),
            "arrived_s": round(made.arrival[number], 3),
            "late": bool(made.late[number]),
            "repeat_of": made.rank[ref] if stand == REPEAT else None,
            "relay_of": made.rank[ref] if stand == RELAY else None,
            "duplicate_of": None,
            "facts": draft.worded.facts,
            "place_span": draft.worded.place_span,
            "seen": self._seen(draft, made.stand[number] == RELAY),
        }
        if mine and about:
            lon, lat = to_lonlat(about.x, about.y, self.city.middle)
            truth |= {"started_s": round(about.start_s, 3), "lon": round(lon, 6), "lat": round(lat, 6)}
        return truth

    def _seen(self, draft: Draft, relayed: bool) -> dict[str, Any]:
        """The words reduced to what the generator drew: what an oracle may read, and a system may not."""
        place = draft.place
        assert place is not None
        return {
            "about": draft.about,
            "style": draft.template.style,
            "level": place.level if draft.worded.place_span else "vague",
            "ref": place.ref if draft.worded.place_span else "",
            "building": place.building if draft.worded.place_span else 0,
            "usable": place.usable and (bool(draft.worded.place_span) or place.point is not None),
            "wrong_point": place.wrong_point,
            "relayed": relayed,
        }
