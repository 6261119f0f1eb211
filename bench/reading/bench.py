"""What the reading engine reads in labelled messages of disasters, beside TF-IDF with a linear model.

The model learns from nineteen disasters and is asked about the twentieth; our words have learned from none.
Only messages in English are asked about: the engine reads English and Chinese.
Counts are held against a sample labelled by hand (`counts.csv`). What the model learned is not kept.
"""

import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.run import Result
from jingwei.engines.reading import Fact, read_report, read_topic
from jingwei.engines.reading.facts import COUNTS, read_facts
from jingwei.engines.reading.kinds import read_kinds

from .scoring import accuracy, confusion, f1, macro_f1, table
from .tweets import KINDS, TWEETS, Tweet, kind_of, list_calls, list_tweets

#: Reports a second and core that the engine should read.
TARGET_PER_S = 10_000
COUNTED = Path(__file__).with_name("counts.csv")
CHINESE = Path(__file__).with_name("chinese.txt")


def run() -> Result:
    if not TWEETS.exists():
        raise FileNotFoundError(f"the labelled messages are not there: {TWEETS}")
    tweets = list_tweets()
    result = Result(bench="reading", seeds=[0])
    result.comparators = {"tf-idf + linear": {}}
    result.targets = {"reports_per_s": {"op": ">=", "value": TARGET_PER_S}}
    english = [t for t in tweets if t.english]
    _classify(result, "topic", [t for t in english if t.topic], lambda t: t.topic, _topic)
    known = [t for t in english if t.informative is not None]
    _classify(result, "informative", known, _labelled, _informative)
    of_kind = [t for t in english if t.informative and t.event in KINDS]
    _classify(result, "kind", of_kind, lambda t: KINDS[t.event], _kind)
    _stated(result, [t for t in english if t.topic])
    _counts(result, {t.id: t for t in tweets})
    _speed(result, tweets)
    return result


def _topic(tweet: Tweet) -> str:
    return read_topic(tweet.text, read_facts(tweet.text)).name or "other"


def _labelled(tweet: Tweet) -> str:
    return "informative" if tweet.informative else "not"


def _informative(tweet: Tweet) -> str:
    topic = read_topic(tweet.text, read_facts(tweet.text))
    return "informative" if topic.informative else "not"


def _kind(tweet: Tweet) -> str:
    """The kind whose codes the words speak of most."""
    best: dict[str, float] = {}
    for code, weight in read_kinds(tweet.text).kinds.items():
        name = kind_of(code) or code
        best[name] = max(best.get(name, 0.0), weight)
    top = min(best, key=lambda k: (-best[k], k), default="")
    return top if top in KINDS.values() else "other" if top else ""


def _classify(result: Result, name: str, tweets: list[Tweet], truth_of: Callable[[Tweet], str],
              ours: Callable[[Tweet], str]) -> None:  # fmt: skip
    truth = [truth_of(t) for t in tweets]
    said = [ours(t) for t in tweets]
    learned = _leave_one_out(tweets, truth)
    for answers, figures in ((said, result.figures), (learned, result.comparators["tf-idf + linear"])):
        figures[f"{name}_accuracy"] = accuracy(truth, answers)
        figures[f"{name}_macro_f1"] = macro_f1(truth, answers)
    result.figures[f"{name}_messages"] = len(tweets)
    result.more[f"{name}_confusion"] = table(confusion(truth, said))
    result.more[f"{name}_confusion_linear"] = table(confusion(truth, learned))
    by_class = {
        c: [round(x, 3) for x in (*f1(truth, said, c), *f1(truth, learned, c))] for c in sorted(set(truth))
    }
    result.more[f"{name}_precision_recall_f1_ours_then_linear"] = by_class


def _leave_one_out(tweets: Sequence[Tweet], truth: Sequence[str]) -> list[str]:
    """What a linear model says of each disaster that learned from all the others."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.linear_model import SGDClassifier

    counts = CountVectorizer(ngram_range=(1, 2), min_df=2).fit_transform([t.text for t in tweets])
    answers = [""] * len(tweets)
    for event in sorted({t.event for t in tweets}):
        held = [n for n, t in enumerate(tweets) if t.event == event]
        rest = [n for n, t in enumerate(tweets) if t.event != event]
        weigh = TfidfTransformer(sublinear_tf=True).fit(counts[rest])
        model = SGDClassifier(alpha=3e-5, max_iter=30, random_state=0).fit(
            weigh.transform(counts[rest]), [truth[n] for n in rest]
        )
        for n, answer in zip(held, model.predict(weigh.transform(counts[held])), strict=True):
            answers[n] = str(answer)
    return answers


def _stated(result: Result, tweets: list[Tweet]) -> None:
    """Whether a fact is stated at all, held against the type that a person gave: no span is labelled."""
    measures = {"affected": COUNTS, "infrastructure": ("road", "utility", "building")}
    for topic, wanted in measures.items():
        truth = [str(t.topic == topic) for t in tweets]
        said = [str(any(f.measure in wanted for f in read_facts(t.text))) for t in tweets]
        precision, recall, both = f1(truth, said, "True")
        result.figures |= {
            f"stated_{topic}_precision": precision,
            f"stated_{topic}_recall": recall,
            f"stated_{topic}_f1": both,
        }


def _counts(result: Result, tweets: dict[str, Tweet]) -> None:
    """Numbers of people against those that a person read in the same message."""
    wanted: dict[str, list[tuple[str, float]]] = {}
    with COUNTED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            held = wanted.setdefault(row["tweet"], [])
            if row["measure"]:
                held.append((row["measure"], float(row["n"])))
    right = told = labelled = 0
    wrong: list[str] = []
    for id_, held in wanted.items():
        said = [f for f in read_facts(tweets[id_].text) if f.measure in COUNTS and f.low is not None]
        hits = sum(any(_means(f, m, n) for f in said) for m, n in held)
        right, told, labelled = right + hits, told + len(said), labelled + len(held)
        if hits != len(held) or len(said) != len(held):
            wrong.append(id_)
    result.figures |= {
        "counts_messages": len(wanted),
        "counts_labelled": labelled,
        "counts_precision": right / max(1, told),
        "counts_recall": right / max(1, labelled),
    }
    result.more["counts_wrong_in"] = wrong


def _means(fact: Fact, measure: str, n: float) -> bool:
    if fact.measure != measure or fact.low is None or fact.high is None:
        return False
    return fact.low <= n <= fact.high


def _speed(result: Result, tweets: list[Tweet]) -> None:
    """Whole readings (kind, urgency, facts) a second of CPU, by the kind of text."""
    texts = {
        "tweets": [t.text for t in tweets[:5000]],
        "calls": list_calls(),
        "chinese": CHINESE.read_text(encoding="utf-8").split("\n") * 40,
    }
    spent = read = 0.0
    for name, some in texts.items():
        for text in some[:200]:
            read_report(text)
        begun = time.process_time()
        for text in some:
            read_report(text)
        took = time.process_time() - begun
        result.figures[f"{name}_per_s"] = len(some) / took
        spent, read = spent + took, read + len(some)
    result.figures["reports_per_s"] = read / spent
