"""From a report to a clue: everything that is compared later is read once, here."""

import math

from jingwei.engines.datum import gcj02_to_wgs84
from jingwei.engines.matching.kinds import KindModel
from jingwei.engines.matching.parameters import Parameters
from jingwei.engines.matching.values import Clue, Report
from jingwei.engines.reading.facts import GRAVE, read_facts
from jingwei.engines.reading.flat import flatten
from jingwei.engines.reading.kinds import language_of, read_kinds
from jingwei.engines.reading.places import Gazetteer, read_mention


class Reducer:
    """Reads reports against one gazetteer; learns each channel's clock and the words of kinds."""

    def __init__(self, p: Parameters, gazetteer: Gazetteer, kinds: KindModel) -> None:
        self.p, self.gazetteer, self.kinds = p, gazetteer, kinds
        self._late: dict[str, float] = {}

    def reduce(self, report: Report) -> Clue:
        p = self.p
        flat = flatten(report.words)
        lang = language_of(report.words)
        mention = read_mention(report.words, report.place_words, self.gazetteer)
        inside = (mention.begin, mention.end) if mention and mention.end <= len(flat) else (0, 0)
        worded = read_kinds(flat, lang)
        chances, known = self.kinds.likelihood(flat, lang, report.kind, inside)
        if report.kind:
            self.kinds.learn(flat, report.kind, inside)
        facts = read_facts(report.words, lang)
        off = self._clock_off(report)
        grave = any(f.measure in GRAVE and not f.negated and f.measure != "vulnerable" for f in facts)
        size = int(p["voice.chunk"])
        chunks = tuple(flat[n : n + size] for n in range(0, len(flat) - size + 1, size // 2))
        return Clue(
            id=report.id,
            at_s=(report.sent_s - off) if report.sent_s is not None else report.arrived_s - 8.0,
            occurred_s=None if report.occurred_s is None else report.occurred_s - off,
            kinds=tuple(chances),
            kind_logs=tuple(map(math.log, chances)) if known else (),
            kind_known=known,
            points=self._points(report),
            coarse=p["place.coarse_share"] if report.voice else 0.0,
            mention=mention,
            facts=facts,
            grave=grave,
            caller=report.caller,
            chunks=chunks,
            flat=flat,
            hearsay=worded.hearsay and not report.kind,
            idle=not report.kind and not facts and (worded.idle or not worded.kinds) and not known,
            device=report.device,
            coded=bool(report.kind),
        )

    def _points(self, report: Report) -> tuple[tuple[float, float, float], ...]:
        if report.lon is None or report.lat is None:
            return ()
        plain = (*self.gazetteer.metres(report.lon, report.lat), 1.0)
        if report.marked or report.device:
            return (plain,)
        share = self.p["place.shifted_share"]
        moved = self.gazetteer.metres(*gcj02_to_wgs84(report.lon, report.lat))
        return ((plain[0], plain[1], 1 - share), (*moved, share))

    def _clock_off(self, report: Report) -> float:
        """How far the channel's clock runs ahead, seconds: a slow median of sent against arrived."""
        if report.sent_s is None:
            return self._late.get(report.channel, 0.0)
        off = self._late.get(report.channel)
        ahead = report.sent_s - report.arrived_s + 8.0
        if off is None:
            off = ahead if abs(ahead) > 120 else 0.0
        else:
            off += max(-15.0, min(15.0, 0.1 * (ahead - off))) if abs(ahead - off) < 900 else 0.0
        self._late[report.channel] = off
        return off if abs(off) > 40 else 0.0
