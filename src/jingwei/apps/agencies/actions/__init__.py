"""Writes of agencies: founding, register, people and posts, ways to prove who one is."""

from .founding import found_node, load_agencies
from .people import assign_post, enroll_person, release_post, reset_password
from .register import add_organization, add_post, link_organizations
from .sessions import SignIn, sign_in, sign_out, switch_person, take_post
from .tokens import issue_token, retry_reaction, revoke_token

__all__ = [
    "SignIn",
    "add_organization",
    "add_post",
    "assign_post",
    "enroll_person",
    "found_node",
    "issue_token",
    "link_organizations",
    "load_agencies",
    "release_post",
    "reset_password",
    "retry_reaction",
    "revoke_token",
    "sign_in",
    "sign_out",
    "switch_person",
    "take_post",
]
