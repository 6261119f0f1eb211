"""Labelled messages of twenty disasters (CrisisLexT26): read from beside the project, never part of it."""

import csv
import gzip
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT.parent / "shared" / "data" / "text"
TWEETS = TEXTS / "crisislex_t26_20events.csv.gz"
CALLS = TEXTS / "911_montgomery_sample.csv"

#: Their information types beside our topics.
TOPICS = {
    "Affected individuals": "affected",
    "Infrastructure and utilities": "infrastructure",
    "Donations and volunteering": "donation",
    "Caution and advice": "advice",
    "Sympathy and support": "sympathy",
    "Other Useful Information": "other",
}
#: What each disaster was, as the beginnings of our event codes; the meteor is no kind that a caller names.
KINDS = {
    "2012_Colorado_wildfires": "wildfire", "2013_Australia_bushfire": "wildfire",
    "2012_Costa_Rica_earthquake": "quake", "2012_Guatemala_earthquake": "quake",
    "2012_Italy_earthquakes": "quake", "2013_Bohol_earthquake": "quake",
    "2012_Philipinnes_floods": "flood", "2013_Queensland_floods": "flood", "2013_Alberta_floods": "flood",
    "2013_Colorado_floods": "flood", "2013_Manila_floods": "flood",
    "2012_Typhoon_Pablo": "storm", "2013_Lac_Megantic_train_crash": "rail", "2013_NY_train_crash": "rail",
    "2013_Glasgow_helicopter_crash": "air", "2013_LA_airport_shootings": "shooting",
    "2013_Boston_bombings": "bombing", "2012_Venezuela_refinery": "industrial",
    "2013_Brazil_nightclub_fire": "fire",
}  # fmt: skip
#: Event codes of each of these.
CODES = {
    "wildfire": ("11G",), "quake": ("11C",), "flood": ("11A",), "storm": ("11B",), "rail": ("12K", "12L"),
    "air": ("12M",), "shooting": ("14B01", "14F"), "bombing": ("14B02", "14F"),
    "industrial": ("12D", "12N", "12P09", "12E"), "fire": ("12G",),
}  # fmt: skip

_COMMON = re.compile(r"\b(?:the|of|and|to|in|is|for|on|are|with|at|after|from|this|that|by|was|be|as|"
                     r"have|has|you|it|we|i|my|all|their|people)\b")  # fmt: skip
#: Common English words that make a message English. Source: our estimate, by reading, 2026-11-29.
ENGLISH_FROM = 2


class Tweet(NamedTuple):
    id: str
    event: str
    text: str
    topic: str  # '' where it is not labelled
    informative: bool | None  # None where it is not labelled
    english: bool


def list_tweets() -> list[Tweet]:
    with gzip.open(TWEETS, "rt", encoding="utf-8", newline="") as file:
        return [_tweet(row) for row in csv.DictReader(file)]


def _tweet(row: dict[str, str]) -> Tweet:
    text = row["Tweet Text"]
    said = row["Informativeness"].strip()
    return Tweet(
        row["Tweet ID"].strip(), row["event"], text, TOPICS.get(row["Information Type"].strip(), ""),
        None if said in ("", "Not applicable") else said == "Related and informative",
        len(set(_COMMON.findall(text.lower()))) >= ENGLISH_FROM,
    )  # fmt: skip


def kind_of(code: str) -> str:
    """Which of the disasters' kinds a code belongs to; '' for none."""
    return next((name for name, starts in CODES.items() if code.startswith(starts)), "")


def list_calls() -> list[str]:
    """What the calls of an American county were titled."""
    with CALLS.open(encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]
