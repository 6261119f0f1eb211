"""Streaming matcher: which incident each report speaks of, with reasons, reversible. Pure."""

from jingwei.engines.matching.matcher import Matcher
from jingwei.engines.matching.parameters import parameters
from jingwei.engines.matching.values import Clue, Filed, Link, Part, Question, Report

__all__ = ["Clue", "Filed", "Link", "Matcher", "Part", "Question", "Report", "parameters"]
