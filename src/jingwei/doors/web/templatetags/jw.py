"""The marks of the visual language as template tags: grades, sources, times with their age, bars."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from jingwei.apps.hazards.facts import is_rule_id, table_of
from jingwei.doors.web import terms
from jingwei.doors.web.devices import device
from jingwei.kernel.grades import NUMERALS

register = template.Library()


bilingual = terms.bilingual
register.filter("device", device)


@register.simple_tag
def named(thing: object, field: str) -> SafeString | str:
    """`{% named incident "title" %}`: title_zh or title_en."""
    if not thing:
        return ""
    return bilingual(getattr(thing, f"{field}_zh", "") or "", getattr(thing, f"{field}_en", "") or "")


@register.simple_tag
def unmarked(thing: object, field: str) -> str:
    """The same where no mark-up may stand: titles and attributes."""
    return terms.spoken(getattr(thing, f"{field}_zh", "") or "", getattr(thing, f"{field}_en", "") or "")[0]


@register.simple_tag
def drawn(thing: object) -> SafeString:
    """A name in a drawing, marked with its language as drawings do."""
    text, lang = terms.spoken(getattr(thing, "name_zh", ""), getattr(thing, "name_en", ""))
    return format_html('<tspan lang="{}">{}</tspan>', lang, text) if lang else format_html("{}", text)


@register.simple_tag
def both(zh: str, en: str) -> SafeString | str:
    return bilingual(zh or "", en or "")


@register.filter
def foreign(text: str, lang: str = "zh") -> SafeString | str:
    """Words as told, which stay in their own language."""
    tag = {"zh": "zh-Hans", "": "zh-Hans"}.get(lang, lang)
    return format_html('<span lang="{}">{}</span>', tag, text) if text else ""


@register.filter
def tongue(text: str) -> str:
    """The language of a name where no element can be put around it: '' is the page's own."""
    return "" if terms.is_zh() or not terms.has_han(text) else "zh-Hans"


@register.filter
def numeral(level: int | None) -> str:
    return NUMERALS.get(level or 0, "")


@register.filter
def term(code: str, group: str) -> str:
    """The field's word for a code: channel, flag, precision, report type, measure, metric, evidence."""
    return terms.say(group, code)


@register.filter
def hm(at: datetime | None) -> str:
    return localtime(at).strftime("%H:%M") if at else ""


@register.filter
def daytime(at: datetime | None) -> str:
    return localtime(at).strftime("%m-%d %H:%M") if at else ""


@register.filter
def fulltime(at: datetime | None) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


@register.simple_tag(takes_context=True)
def when(context: template.Context, at: datetime | None, precision: str = "minute") -> SafeString | str:
    """The time; with its day when that is not today, and only the day when no more is known."""
    if at is None:
        return ""
    local, today = localtime(at), localtime(context["page"].now).date()
    day = "" if local.date() == today and precision != "day" else local.strftime("%m-%d")
    if local.year != today.year:
        day = local.strftime("%Y-%m-%d")
    clock = "" if precision == "day" else local.strftime("%H:%M")
    # digits and their signs: nothing in it wants escaping, and a page shows hundreds
    day = f'<span class="d">{day}</span> ' if day and clock else f"<b>{day}</b>" if day else ""
    clock = f"<b>{clock}</b>" if clock else ""
    return mark_safe(f'<time datetime="{at.isoformat()}">{day}{clock}</time>')  # noqa: S308


def age_text(at: datetime, now: datetime) -> str:
    """How long ago, in one unit; what lies ahead says so."""
    seconds = (now - at).total_seconds()
    if seconds < -60:
        ahead = int(-seconds // 60)
        if ahead < 60:
            return _("in {n} min").replace("{n}", str(ahead))
        return _("in {n} h").replace("{n}", str(ahead // 60))
    minutes = int(max(0, seconds) // 60)
    if minutes < 1:
        return _("under 1 min ago")
    if minutes < 60:
        return _("{n} min ago").replace("{n}", str(minutes))
    if minutes < 48 * 60:
        return _("{n} h ago").replace("{n}", str(minutes // 60))
    return _("{n} d ago").replace("{n}", str(minutes // 1440))


@register.simple_tag(takes_context=True)
def ago(context: template.Context, at: datetime | None) -> SafeString | str:
    if at is None:
        return ""
    text = age_text(at, context["page"].now)
    return format_html('<span class="age" data-at="{}">{}</span>', at.isoformat(), text)


def run_text(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.simple_tag(takes_context=True)
def running(context: template.Context, since: datetime | None) -> SafeString | str:
    """Time running since, hours and minutes; days from two days on."""
    if since is None:
        return ""
    span = context["page"].now - since
    if span >= timedelta(hours=48):
        return format_html('<span class="r">{}</span><small>{}</small>', span.days, _("days"))
    return format_html(
        '<span class="r" data-run="{}">{}</span><small>{}</small>',
        since.isoformat(),
        run_text(span),
        _("h:min"),
    )


@register.simple_tag
def grade(level: int | None, state: str = "confirmed", size: str = "") -> SafeString:
    """Event grade: filled square; proposed: dashed without fill; not gradable: a dash."""
    return _grade(level, state, size, get_language())


@lru_cache(maxsize=512)
def _grade(level: int | None, state: str, size: str, language: str | None) -> SafeString:
    """A room shows one a hundred times; there are a few dozen that differ."""
    if not level:
        words = _("No grade yet")
        return format_html(
            '<span class="grade none {}" role="img" aria-label="{}" title="{}">—</span>', size, words, words
        )
    dashed = state == "proposed"
    words = (
        f"{terms.say('grade', str(level))}, {_('proposed, not confirmed')}"
        if dashed
        else terms.say("grade", str(level))
    )
    look = "dash" if dashed else f"g{level}"
    return format_html(
        '<span class="grade {} {}" role="img" aria-label="{} {}" title="{}">{}</span>',
        look, size, NUMERALS[level], words, words, NUMERALS[level],
    )  # fmt: skip


def _short(zh: str, en: str) -> SafeString | str:
    """A kind's name as warnings carry it: 暴雨, not 暴雨事件."""
    return bilingual(zh.removesuffix("事件"), en.removesuffix(" event").removesuffix(" events"))


@register.simple_tag
def warn(level: int | None, kind_zh: str = "", kind_en: str = "") -> SafeString:
    """Warning in force: filled tag with hazard and color word."""
    color = terms.say("color", str(level))
    return format_html('<span class="warn g{}">{} {}</span>', level or 0, _short(kind_zh, kind_en), color)


@register.simple_tag
def resp(level: int | None) -> SafeString:
    """Response level: framed, the numeral's cell filled, the word beside."""
    word = "级应急响应" if terms.is_zh() else _("response level")
    return format_html(
        '<span class="resp"><b class="g{}">{}</b><span>{}</span></span>', level or 0, numeral(level), word
    )


#: Said as `to` where a chip stands within something that is pressed itself: the body has the link then.
BARE = "bare"


@register.simple_tag(takes_context=True)
def chip(context: template.Context, label: str, evidence: str = "", to: str = "") -> SafeString:
    """A rule's chip: disc full = checked, half = seen, empty = to be checked or our estimate.

    It leads to the rule, or to its legal source. `to`: the source, where the label does not name it.
    """
    return _chip(label, label, evidence, "", clause_address(context, to or label))


@register.simple_tag(takes_context=True)
def clause_address(context: template.Context, code: str) -> str:
    """Where a clause is to be read: its row in the tables, else its legal source. '' where there is none.

    Law is shown to who is signed in: a page for the public, or a sheet of paper, has no links to it.
    """
    page = context.get("page")
    if page is None or not code or code == BARE or not getattr(page, "authority", None):
        return ""
    law = _LAW.search(code) or _SOURCE.search(code)
    if law:
        source = law[1] if law[1].startswith("SRC-") else f"SRC-{law[1]}"
        return f"/rules/sources/{source}" if source in page.sources else ""
    first = code.split()[0]
    return f"/rules/{table_of(first)}/{first}" if is_rule_id(first) else ""


@register.simple_tag(takes_context=True)
def spot(context: template.Context, label: str, to: str = "") -> SafeString:
    """A clause as plain words that lead to where it stands: for sheets, which are printed."""
    href = clause_address(context, to or label)
    return format_html('<a href="{}">{}</a>', href, label) if href else format_html("{}", label)


_SOURCE = re.compile(r"(SRC-[A-Z0-9]+)(.*)")
_ARTICLE = re.compile(r"art\. ?(\d+(?:-\d+)?)")
_ARTICLES = re.compile(r" ?art\. ?(\d+(?:-\d+)?)")
_LAW = re.compile(r"(?:SRC-)?(ERL20\d\d)(?: ?art\. ?(\d+(?:-\d+)?))?")
#: Laws by the name the field calls them, where a label says their code.
LAWS = {
    "ERL2007": n_("Emergency Response Law of 2007"),
    "ERL2024": n_("Emergency Response Law of 2024"),
}
#: What stands in the gaps of a draft notice.
GAPS = {
    "place": n_("place"),
    "level": n_("level"),
    "from_level": n_("level before"),
    "time": n_("time"),
    "organization": n_("organization"),
    "matter": n_("matter"),
    "reason": n_("reason"),
    "until": n_("expected until"),
    "measures": n_("measures"),
    "shelters": n_("shelters"),
    "hotline": n_("hotline"),
}


@register.simple_tag
def gaps(thing: object, field: str) -> SafeString | str:
    """A draft with its gaps named in the page's language: 〔time〕."""
    found = [getattr(thing, f"{field}_{lang}", "") or "" for lang in ("zh", "en")]
    zh, en = (re.sub(r"\{(\w+)\}", lambda m: f"〔{_(GAPS.get(m[1], m[1]))}〕", text) for text in found)
    return bilingual(zh, en)


@register.simple_tag(takes_context=True)
def source(context: template.Context, code: str, evidence: str = "") -> SafeString:
    """A source's chip, by its title when the node knows it, with the article."""
    if code == "recalled":
        return _chip(_("from memory, no source"), code, evidence, "")
    href = clause_address(context, code or "")
    law = _LAW.fullmatch((code or "").strip())
    if law and law[1] in LAWS:
        return _chip(lawful(code), code, evidence, "", href)
    found = _SOURCE.match(code or "")
    title = context["page"].sources.get(found[1]) if found else None
    if not title:  # told by no source but a channel: the duty phone
        return _chip(terms.say("channel", code), code, evidence, "")
    article = _ARTICLE.search(found[2])  # type: ignore[index]
    lang = "zh-Hans" if terms.has_han(title) else "en" if terms.is_zh() else ""
    return _chip(f"{title} 第 {article[1]} 条" if article else title, code, evidence, lang, href)


def _chip(label: str, code: str, evidence: str, lang: str, href: str = "") -> SafeString:
    return _chip_in(get_language() or "", label, code, evidence, lang, href)


@lru_cache(maxsize=4096, typed=True)
def _chip_in(_language: str, label: str, code: str, evidence: str, lang: str, href: str) -> SafeString:
    """It says the same whenever all these are the same: a page shows one source many times."""
    label = lawful(label)
    if terms.is_zh() and not lang:
        label = _ARTICLES.sub(r" 第 \1 条", label)
    known = terms.disc(evidence)
    tag = format_html(' lang="{}"', lang) if lang else ""
    said = terms.say("disc", known or "empty")
    box, to = ("a", format_html(' href="{}"', href)) if href else ("span", "")
    return format_html(
        '<{0}{1} class="src {2}" title="{3}"><span class="sr">{4}: </span>'
        '<span class="cut"{5}>{6}</span></{0}>',
        box, to, known, code, said, tag, label,
    )  # fmt: skip


@register.filter
def lawful(text: str) -> str:
    """A label that names a law by its code, with the law's name and article in the page's language."""

    def named(found: re.Match[str]) -> str:
        law = _(LAWS[found[1]]) if found[1] in LAWS else found[1]
        gap = "" if terms.is_zh() else ", "
        return f"{law}{gap}{_('art. {n}').format(n=found[2])}" if found[2] else law

    return _LAW.sub(named, text or "")


_OF_A_PLAN = re.compile(r" [a-z][\w-]*$")


@register.filter
def paragraph(text: str) -> str:
    """The paragraph an order came from: the plan with its level, then the law in words; no keys of rows."""
    plan, dot, label = (text or "").rpartition(" · ")
    return f"{_OF_A_PLAN.sub('', plan)}{dot}{lawful(terms.say('plan_clause', label))}"


@register.simple_tag
def bar(value: float, threshold: float | None = None) -> SafeString:
    """A bar from zero to one, the threshold as a tick; the figure stands beside it."""
    share = max(0.0, min(1.0, float(value or 0)))
    if threshold is None:
        return format_html('<progress value="{}" aria-hidden="true"></progress>', f"{share:.3g}")
    return format_html(
        '<svg viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" y="1" width="200" height="6"/><rect class="fill" y="1" width="{}" height="6"/>'
        '<path class="tick" d="M{} 0v8"/></svg>',
        f"{share * 200:.1f}", f"{max(0.0, min(1.0, float(threshold))) * 200:.1f}",
    )  # fmt: skip


@register.filter
def plain_number(value: float | None) -> str:
    """42, 12.5, 1,144.78 — never more digits than were told."""
    if value is None:
        return "—"
    text = f"{float(value):,.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


_SIGNS = {
    "fact": ("", '<circle cx="8" cy="8" r="5.5"/>'),
    "action": ("full", '<circle cx="8" cy="8" r="5.5"/>'),
    "decision": ("bold", '<path d="M8 1l7 7-7 7-7-7z"/>'),
    "warning": ("", '<rect x="2.500" y="2.500" width="11" height="11"/>'),
    "figures": ("", '<circle cx="8" cy="8" r="5.500"/><circle cx="8" cy="8" r="1.500"/>'),
    "system": ("dash", '<path d="M8 1.500l6.500 6.500-6.500 6.500L1.500 8z"/>'),
}
_SIGNS |= {"response": _SIGNS["decision"], "finding": _SIGNS["figures"]}


@register.filter
def yuan(fen: int | None) -> str:
    """An amount kept in 0.01 yuan, as people read it."""
    return "—" if fen is None else _("%(n)s yuan") % {"n": f"{fen // 100:,}.{fen % 100:02}"}


@register.simple_tag
def mark_sign(kind: str) -> SafeString:
    """A timeline's mark: circle fact, filled circle action, diamond decision, square warning."""
    look, shape = _SIGNS.get(kind, _SIGNS["fact"])
    word = terms.say("mark", kind)
    return format_html(
        '<svg class="mark {}" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>',
        look,
        word,
        mark_safe(shape),  # noqa: S308
    )


@register.filter
def article(text: str) -> str:
    """`art.3` in the page's language."""
    found = _ARTICLE.fullmatch(text.strip()) if text else None
    return _("art. {n}").format(n=found[1]) if found else text


@register.filter
def disc(evidence: str) -> str:
    """How well something is known, in words."""
    return terms.say("disc", terms.disc(evidence) or "empty")


@register.simple_tag
def evidence(said: str) -> SafeString:
    """How well a rule is known: disc and word; what was recalled says so loudly."""
    known = terms.disc(said)
    if "recalled" in (said or ""):
        return format_html('<span class="gap" title="{}">{}</span>', said, _("recalled, unverified"))
    word = terms.say("disc", known or "empty")
    return format_html('<span class="ev-badge {}" title="{}">{}</span>', known, said, word)


@register.filter
def gradeword(level: int | None) -> str:
    return terms.say("grade", str(level or ""))


@register.filter
def unit(code: str) -> str:
    return terms.unit(code)
