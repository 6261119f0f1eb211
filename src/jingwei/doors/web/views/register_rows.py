"""One row of a register: entered, changed, confirmed, struck through, undone, looked at, talked about."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jingwei.apps.registers import actions, queries
from jingwei.apps.registers.facts import Register
from jingwei.apps.registers.queries import RowLine
from jingwei.doors.entry import refusals
from jingwei.doors.web import registered
from jingwei.doors.web.door import Asked, act, signed_in, status_of, whole
from jingwei.doors.web.names import Names
from jingwei.kernel.refusals import Refused

from .phone import code_of
from .registers import row_missing

#: What can be done to a row with a reason, words, or nothing but one's name.
ACTS = ("strike", "confirm", "reveal", "comment")


def texts_of(register: Register, posted: QueryDict) -> dict[str, str]:
    """The form's fields as typed; a suggestion `荥阳市 [410182]` stands for its code."""
    found = {c.name: str(posted[c.name])[: max(4000, c.longest)] for c in register.given if c.name in posted}
    for column in register.columns:
        if column.kind in ("place", "organization") and column.name in found:
            found[column.name] = code_of(found[column.name])
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked, code: str) -> HttpResponse:
    """Enter a row; what is wrong stands beside its field, and what was typed is kept."""
    register, authority, names = queries.get_register(code), request.caller.authority, Names()
    wrong: dict[str, str] = {}
    refused = None
    if request.method == "POST":
        ((values, errors),) = queries.read_rows(
            register, [_complete(register, request)], within=authority.place
        )
        wrong = registered.sentences(errors)
        if not errors:
            try:
                row_id = actions.add_row(code, values, **act(request))
                return redirect(f"/registers/{code}/{row_id}")
            except Refused as no:
                refused = no
    place = names.place(authority.place)[0]
    first = {"place": f"{place} [{authority.place}]" if authority.place else "", "owner": ""}
    first |= texts_of(register, request.GET)  # what a page that leads here knows already: a shape drawn
    typed = request.POST.dict() if request.method == "POST" else first
    return _form(request, register, typed, wrong, refused, None)


def _complete(register: Register, request: Asked) -> dict[str, str]:
    return {c.name: "" for c in register.given} | texts_of(register, request.POST)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Asked, code: str, row_id: uuid.UUID) -> HttpResponse:
    """Change a row. A masked field left empty stays as it is; a dash empties it."""
    register, authority, names = queries.get_register(code), request.caller.authority, Names()
    line = queries.find_row(register, row_id, authority=authority)
    if line is None:
        return row_missing(request)
    wrong: dict[str, str] = {}
    refused = None
    if request.method == "POST":
        texts = texts_of(register, request.POST)
        kept = {c.name for c in register.columns if c.mask and not texts.get(c.name, "").strip()}
        texts = {name: text for name, text in texts.items() if name not in kept}
        ((values, errors),) = queries.read_rows(register, [texts], within=authority.place)
        wrong = registered.sentences(errors)
        if not errors:
            try:
                version = whole(request.POST.get("version"), 0) or 0
                actions.change_row(code, row_id, values, version=version, **act(request))
                return redirect(f"/registers/{code}/{row_id}")
            except Refused as no:
                refused = no
    typed = request.POST.dict() if request.method == "POST" else registered.typed(register, line, names)
    return _form(request, register, typed, wrong, refused, line)


def _form(
    request: Asked,
    register: Register,
    typed: dict[str, str],
    wrong: dict[str, str],
    refused: Refused | None,
    line: RowLine | None,
) -> HttpResponse:
    context = {
        "register": register,
        "line": line,
        "name": line.values["name"] if line else "",
        "fields": [registered.field(register, c, typed, wrong) for c in register.given],
        "wrong": wrong,
        "version": _version(typed, refused, line),
        "error": refusals.sentence(refused) if refused else "",
    }
    status = status_of(refused) if refused else 422 if wrong else 200
    return render(request, "web/registers/form.html", context, status=status)


def _version(typed: dict[str, str], refused: Refused | None, line: RowLine | None) -> object:
    """The version that was read; who was told that somebody was faster has seen the newer one."""
    seen = refused is not None and refused.code == "changed_meanwhile"
    return line.version if line and (seen or "version" not in typed) else typed.get("version", "")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def act_on(request: Asked, code: str, row_id: uuid.UUID, what: str) -> HttpResponse:
    """Strike through, confirm, look at what is masked, leave a word."""
    register, names = queries.get_register(code), Names()
    line = queries.find_row(register, row_id, authority=request.caller.authority)
    if line is None:
        return row_missing(request)
    refused = shown = None
    if request.method == "POST":
        try:
            shown = _do(request, code, row_id, what)
            if shown is None:
                return redirect(f"/registers/{code}/{row_id}")
        except Refused as no:
            refused = no
    context = {
        "register": register,
        "line": line,
        "name": line.values["name"],
        "what": what,
        "typed": request.POST,
        "error": refusals.sentence(refused) if refused else "",
        "shown": [registered.cell(c, shown[c.name], names) for c in register.columns if c.name in shown]
        if shown is not None
        else None,
    }
    return render(request, "web/registers/act.html", context, status=status_of(refused) if refused else 200)


def _do(request: Asked, code: str, row_id: uuid.UUID, what: str) -> dict[str, object] | None:
    words = request.POST.get("words", "")
    if what == "reveal":
        return dict(actions.reveal_row(code, row_id, reason=words, **act(request)))
    if what == "strike":
        actions.strike_row(code, row_id, reason=words, **act(request))
    elif what == "comment":
        actions.comment_row(code, row_id, words, **act(request))
    else:
        actions.confirm_row(code, row_id, **act(request))
    return None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Asked, code: str, row_id: uuid.UUID, change_id: uuid.UUID) -> HttpResponse:
    """Take a change back; the sheet says before what will stand there then."""
    register, names = queries.get_register(code), Names()
    line = queries.find_row(register, row_id, authority=request.caller.authority)
    found = [c for c in queries.list_changes(register, row_id) if c.id == change_id] if line else []
    if line is None or not found:
        return row_missing(request)
    refused = None
    if request.method == "POST":
        try:
            done = actions.undo_change(change_id, **act(request))
            return redirect(f"/registers/{code}/{done if register.kept else row_id}")
        except Refused as no:
            refused = no
    context: dict[str, object] = {
        "register": register,
        "line": line,
        "name": line.values["name"],
        "what": "undo",
        "change": registered.change(register, found[0], names),
        "removes": found[0].what == "added",
        "anew": register.kept is not None and found[0].what == "struck",
        "error": refusals.sentence(refused) if refused else "",
        "typed": SimpleNamespace(words=""),
    }
    return render(request, "web/registers/act.html", context, status=status_of(refused) if refused else 200)
