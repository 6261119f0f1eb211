"""What a caller says besides the place: the kind as described, facts, corrections, denials."""

import math
import random
from typing import Any

from bench.storm.incidents import COUNTS, Incident
from bench.storm.numbers import Said, say_count, say_depth
from bench.storm.parameters import Kind, Parameters, kinds
from bench.storm.phrases import Bank, Template
from bench.storm.wording import Statement

#: Facts a caller may deny or correct.
DENIABLE = ("injured", "trapped", "deaths", "fire", "road")
CORRECTABLE = ("trapped", "injured", "depth")
_GROUPS: dict[str, list[Kind]] = {}
for _kind in kinds():
    _GROUPS.setdefault(_kind.group, []).append(_kind)


def same_group(kind: Kind) -> list[Kind]:
    """The other kinds of its group."""
    return [k for k in _GROUPS[kind.group] if k.code != kind.code]


def choose_core(kind: Kind, life: bool, bank: Bank, p: Parameters, rng: random.Random) -> Template:
    """The sentence that says what happened: of the kind, of its group, of anything, or of a like kind."""
    draw = rng.random()
    about = kind.code
    if draw >= p["kind.text_kind"]:
        draw -= p["kind.text_kind"]
        if draw < p["kind.text_group"]:
            about = kind.group
        elif draw < p["kind.text_group"] + p["kind.text_any"]:
            about = "any"
        else:
            about = rng.choice(same_group(kind)).code
    return rng.choice(bank.cores[about, life])


def choose_field(kind: Kind, channel: str, p: Parameters, rng: random.Random) -> str:
    """The event code the channel puts in its field: right, the class above, a like one, any, or none."""
    if rng.random() >= field_chance(channel, p):
        return ""
    draw = rng.random()
    if draw < p["kind.field_right"]:
        return kind.code
    draw -= p["kind.field_right"]
    if draw < p["kind.field_parent"]:
        return kind.code[:3] + "00"
    if draw < p["kind.field_parent"] + p["kind.field_group"]:
        return rng.choice(same_group(kind)).code
    return rng.choice(kinds()).code


def field_chance(channel: str, p: Parameters) -> float:
    """How often a channel fills the field of the kind."""
    return p["kind.given_" + (channel if channel in ("12345", "app", "social") else "110")]


class FactTeller:
    """Chooses which true facts are told, and says them."""

    def __init__(self, bank: Bank, lang: str, p: Parameters, rng: random.Random) -> None:
        self.bank, self.lang, self.p, self.rng = bank, lang, p, rng

    def tell(self, incident: Incident, at_s: float) -> list[Statement]:
        """A few statements about the incident as it stands at this moment."""
        rng, p = self.rng, self.p
        measures = [m for m in incident.facts if rng.random() < p["fact.tell"]]
        rng.shuffle(measures)
        told = [
            self.state(m, incident.fact(m, at_s), at_s - incident.start_s) for m in measures[: p["fact.most"]]
        ]
        if rng.random() < p["fact.negated"]:
            absent = [m for m in DENIABLE if m not in incident.facts]
            if absent:
                told.append(self._deny(rng.choice(absent)))
        return told

    def state(self, measure: str, value: Any, since_s: float = 0.0) -> Statement:
        """One fact in words, sometimes as a correction of an earlier figure."""
        rng = self.rng
        if measure in ("vulnerable", "need", "hazmat"):
            label = rng.choice(value)
            word = rng.choice(self.bank.slots(measure, label)).text
            return Statement(self._template("fact", measure), measure, label, None, None, False, {"s": word})
        if measure not in COUNTS and measure != "depth":
            return Statement(self._template("fact", measure), measure, True, None, None, False, {})
        said, low, high = self._number(measure, value)
        slots = {"n": said, "old": ""}
        template = self._template("fact", measure)
        if measure in CORRECTABLE and since_s > 600 and rng.random() < self.p["fact.update"]:
            before = value * rng.choice((0.4, 0.6, 1.7))
            old = self._number(measure, before if measure == "depth" else round(before) + 1)
            if old[2] < low or old[1] > high:
                way = "up" if old[2] < low else "down"
                fitting = [t for t in self.bank.rows["update", measure] if t.style in ("", way)]
                template, slots["old"] = rng.choice(fitting), old[0]
        exact = low if low == high else None
        return Statement(template, measure, exact, low, high, False, slots)

    def _number(self, measure: str, value: float) -> tuple[str, float, float]:
        if measure == "depth":
            off = math.exp(self.rng.gauss(0, self.p["fact.depth_sigma"]))
            said = say_depth(value * off, self.lang, self.rng)
        else:
            said = say_count(int(value), self.lang, self.rng, self.p)
        return said.words, said.low, said.high

    def _template(self, role: str, measure: str) -> Template:
        return self.rng.choice(self.bank.rows[role, measure])

    def _deny(self, measure: str) -> Statement:
        return Statement(self._template("neg", measure), measure, 0, 0, 0, True, {})

    def rescued(self) -> Statement:
        """Those trapped are out."""
        return Statement(self._template("update", "trapped_zero"), "trapped", 0, 0, 0, True, {})

    def toll(self) -> Said:
        """The figure of a rumour."""
        return say_count(self.rng.choice((7, 12, 30, 70, 150, 300, 500)), self.lang, self.rng, self.p)
