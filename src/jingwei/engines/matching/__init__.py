"""Streaming matcher: which incident each report speaks of, with reasons, reversible. Pure."""

from jingwei.engines.matching.matcher import Matcher
from jingwei.engines.matching.parameters import parameters
from jingwei.engines.matching.values import Link, Part, Question, Report

__all__ = ["Link", "Matcher", "Part", "Question", "Report", "parameters"]
