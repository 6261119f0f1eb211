"""Writes of agencies: founding, register, people and posts, ways to prove who one is."""

from .accounts import (
    change_password,
    close_session,
    end_other_sessions,
    end_session,
    end_sessions_of,
    open_session,
    see_session,
    unlock_account,
)
from .factors import Key, begin_second_factor, confirm_second_factor, reset_second_factor
from .founding import found_node, load_agencies
from .people import assign_post, enroll_person, release_post, reset_password
from .register import add_organization, add_post, link_organizations
from .restoring import acknowledge_restore, note_restore
from .sessions import (
    CodeWanted,
    SignIn,
    Waiting,
    finish_sign_in,
    finish_switch,
    sign_in,
    sign_out,
    switch_person,
    take_post,
)
from .tokens import issue_token, retry_reaction, revoke_token

__all__ = [
    "CodeWanted",
    "Key",
    "SignIn",
    "Waiting",
    "acknowledge_restore",
    "add_organization",
    "add_post",
    "assign_post",
    "begin_second_factor",
    "change_password",
    "close_session",
    "confirm_second_factor",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "enroll_person",
    "finish_sign_in",
    "finish_switch",
    "found_node",
    "issue_token",
    "link_organizations",
    "load_agencies",
    "note_restore",
    "open_session",
    "release_post",
    "reset_password",
    "reset_second_factor",
    "retry_reaction",
    "revoke_token",
    "see_session",
    "sign_in",
    "sign_out",
    "switch_person",
    "take_post",
    "unlock_account",
]
