"""The words of one report: who speaks, what is said about which source, and a relay's quotation."""

import hashlib
import random
from typing import NamedTuple

from bench.storm.city import City
from bench.storm.incidents import Incident
from bench.storm.parameters import CALLS, CHANNELS, Parameters, words
from bench.storm.phrases import Bank, Template, bank_of, parse
from bench.storm.places import PlaceTeller, PlaceTold, Scene
from bench.storm.schedule import (
    INCIDENT,
    IRRELEVANT,
    OFFICIAL,
    RELAY,
    REPEAT,
    RUMOUR,
    SPOOF,
    Rumour,
    Schedule,
)
from bench.storm.telling import FactTeller, choose_core
from bench.storm.wording import Worded, Writer

#: Numbers no telephone has: they begin with 100. Source: assumed.
_PHONE = "100{:08d}"


class Voice(NamedTuple):
    """Who speaks: language, clock, number, name and office, the same in every report of that voice."""

    name: str
    lang: str
    clock_s: float
    phone: str
    called: str
    office: str


class Draft(NamedTuple):
    """What a report says, before the door's fields are put round it."""

    worded: Worded
    place: PlaceTold | None
    about: str
    template: Template


class Drafter:
    """Drafts any report of a storm from its number alone, so that none has to be kept."""

    def __init__(self, seed: str, city: City, bank: str, p: Parameters, schedule: Schedule) -> None:
        self.seed, self.city, self.bank, self.p, self.schedule = seed, city, bank, p, schedule
        self.incidents: list[Incident] = []
        self.rumours: list[Rumour] = []
        self.places = PlaceTeller(city, p)
        self.first_die = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6], "big") << 24
        self.surnames = [(r["zh"], r["en"]) for r in words(f"city_{bank}") if r["role"] == "surname"]

    def dice(self, number: int) -> random.Random:
        return random.Random(self.first_die + number)

    def voice(self, number: int, channel: str) -> Voice:
        made, p = self.schedule, self.p
        origin, source, who = made.origin[number], made.source[number], made.voice[number]
        name = f"office-{who - OFFICIAL}" if who >= OFFICIAL else f"{origin}-{source}-{who}"
        if origin == IRRELEVANT:
            name = f"{origin}-{source}"
        rng = random.Random(f"{self.seed}:{name}")
        lang = "en" if rng.random() < p["language.en"] else "zh"
        if made.stand[number] == RELAY:  # who passes a post on speaks its language
            lang = self.voice(made.ref[number], CHANNELS[made.channel[made.ref[number]]]).lang
        clock = rng.gauss(0, p["time.skew_s"])
        phone = _PHONE.format(rng.randrange(100_000_000)) if rng.random() >= p["caller.phone_missing"] else ""
        surname = rng.choice(self.surnames)
        title = rng.randrange(2)
        called = surname[0] + ("先生", "女士")[title] if lang == "zh" else ("Mr ", "Ms ")[title] + surname[1]
        office = ""
        if who >= OFFICIAL:
            district = self.city.districts[(who - OFFICIAL) % len(self.city.districts)]
            grid = (who - OFFICIAL) // len(self.city.districts) + 1
            office = f"{district[0]}第{grid}网格" if lang == "zh" else f"{district[1]} grid {grid}"
        return Voice(name, lang, clock, phone if channel != "sensor" else "", called, office)

    def _scene(self, number: int, rng: random.Random) -> tuple[Scene, Incident | Rumour | None]:
        made = self.schedule
        origin, source = made.origin[number], made.source[number]
        if origin == INCIDENT:
            told = self.incidents[source]
            spot = Scene(told.site, told.building, told.x, told.y, told.kind.radius_m, told.around)
            return spot, told
        if origin in (RUMOUR, SPOOF):
            rumour = self.rumours[source]
            site = rumour.site
            spread = 60.0 if origin == SPOOF else 3000.0
            return Scene(site, 1, site.x, site.y, spread), rumour
        site = rng.choice(self.city.sites)
        return Scene(site, 1, site.x, site.y, 60.0), None

    def draft(self, number: int, rng: random.Random, channel: str, voice: Voice) -> Draft:
        """Words and place of one report; a relay quotes the words of its root."""
        made = self.schedule
        bank = bank_of(self.bank, voice.lang)
        scene, about = self._scene(number, rng)
        place = self.places.tell(scene, channel, made.stand[number] == RELAY, bank, voice.lang, rng)
        if made.stand[number] == RELAY:
            return self._quote(number, rng, voice, place)
        writer = Writer(bank, voice.lang, self.p, rng)
        slots = {"p": self._say_place(place)}
        if channel == "sensor" and isinstance(about, Incident):
            return self._measure(number, about, writer, slots, place)
        style = "official" if voice.office else ("call" if channel in CALLS else
                                                 "hotline" if channel == "12345" else channel)  # fmt: skip
        if made.stand[number] == REPEAT:
            writer.put(rng.choice(bank.rows["repeat", ""]), {})
            writer.join(" " if voice.lang == "en" else "")
        elif about is not None and rng.random() < self.p["words.open"]:
            self._open(writer, rng.choice(bank.styled["open", style]))
        template = self._core(number, about, writer, slots, bank, rng)
        self._close(writer, bank, style, rng)
        return Draft(writer.finish(), place, template.about, template)

    def _say_place(self, place: PlaceTold) -> str:
        said = [
            place.values[part.name] if not isinstance(part, str) else part for part in place.template.parts
        ]
        return "".join(said)

    def _open(self, writer: Writer, template: Template) -> None:
        writer.put(template, {})
        if writer.lang == "en":
            writer.join(" ")
        elif template.text[-1] not in "，！】：｜‼":
            writer.join("，")

    def _core(self, number: int, about: Incident | Rumour | None, writer: Writer, slots: dict, bank: Bank,
              rng: random.Random) -> Template:  # fmt: skip
        teller = FactTeller(bank, writer.lang, self.p, rng)
        if about is None:
            template = rng.choice(bank.rows["irrelevant", ""])
            writer.put(template, slots)
            return template
        if isinstance(about, Rumour):
            return self._pretend(about, writer, slots, teller, rng)
        template = choose_core(about.kind, about.life, bank, self.p, rng)
        writer.put(template, slots)
        at_s = self.schedule.called[number]
        stated = {f["measure"] for f in writer.facts}
        for said in teller.tell(about, at_s):
            if said.measure not in stated or not said.negated:
                writer.breath()
                writer.put(said.template, said.slots, said)
        if "trapped" in about.facts and at_s > about.start_s + 2400 and rng.random() < self.p["fact.rescued"]:
            writer.breath()
            said = teller.rescued()
            writer.put(said.template, said.slots, said)
        return template

    def _pretend(self, about: Rumour, writer: Writer, slots: dict, teller: FactTeller, rng: random.Random
                 ) -> Template:  # fmt: skip
        """What is not so: a rumour from hearsay, or a spoofed call that sounds like a true one."""
        toll = teller.toll()
        if not about.spoof:
            template = rng.choice(writer.bank.rows["rumour", about.topic])
            writer.put(template, slots | {"n": toll.words, "said": toll})
            return template
        template = rng.choice(writer.bank.cores[about.kind.code, True][:3])
        writer.put(template, slots)
        said = teller.state("trapped", rng.choice((30, 50, 80)))
        writer.breath()
        writer.put(said.template, said.slots, said)
        return template

    def _close(self, writer: Writer, bank: Bank, style: str, rng: random.Random) -> None:
        if rng.random() < self.p["words.plea"]:
            writer.breath()
            writer.put(rng.choice(bank.styled["plea", style]), {})
        if rng.random() < self.p["words.tail"] and bank.styled["tail", style]:
            tail = rng.choice(bank.styled["tail", style])
            if tail.text[0] not in "，,.…（":
                writer.join(" ")
            writer.put(tail, {})

    def _measure(self, number: int, about: Incident, writer: Writer, slots: dict, place: PlaceTold) -> Draft:
        """A device speaks: depth if it measures one, else a state."""
        what = about.kind.sensor if about.facts.get("depth") else "state"
        template = writer.rng.choice(writer.bank.rows["sensor", what])
        if what == "depth":
            depth = round(
                float(about.fact("depth", self.schedule.called[number])) * writer.rng.uniform(0.9, 1.1), 2
            )
            value = f"{depth:g}m"
            begin = template._replace(parts=parse(template.text.replace("{n}", f"[depth={depth:g}:{value}]")))
            writer.put(begin, slots)
        else:
            writer.put(template, slots)
        return Draft(writer.finish(noisy=False), place, "sensor", template)

    def _quote(self, number: int, rng: random.Random, voice: Voice, place: PlaceTold) -> Draft:
        """Another's words passed on: every span moves by the words put before."""
        root = self.schedule.ref[number]
        channel = CHANNELS[self.schedule.channel[root]]
        original = self.draft(root, self.dice(root), channel, self.voice(root, channel))
        template = rng.choice(bank_of(self.bank, voice.lang).rows["relay", ""])
        before, _, after = template.text.partition("{t}")
        shift = len(before)
        facts = [f | {"span": [f["span"][0] + shift, f["span"][1] + shift]} for f in original.worded.facts]
        span = [n + shift for n in original.worded.place_span]
        text = before + original.worded.text + after
        assert original.place is not None
        kept = original.place._replace(point=place.point, wrong_point=place.wrong_point)
        return Draft(Worded(text, facts, span), kept, original.about, original.template)

    def source_of(self, number: int) -> Incident | Rumour | None:
        origin, source = self.schedule.origin[number], self.schedule.source[number]
        if origin == INCIDENT:
            return self.incidents[source]
        return self.rumours[source] if origin in (RUMOUR, SPOOF) else None
