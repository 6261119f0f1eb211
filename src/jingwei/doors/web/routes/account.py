"""Addresses of account."""

from django.urls import path

from jingwei.doors.web.views import account, people_accounts, sign_in

urlpatterns = [
    path("sign-in/code", sign_in.sign_in_code),
    path("switch/code", sign_in.switch_code),
    path("account", account.account),
    path("account/key", account.begin_key),
    path("account/key/code", account.confirm_key),
    path("account/password", account.change_password),
    path("account/sessions", account.end_sessions),
    path("account/people", people_accounts.people),
]
