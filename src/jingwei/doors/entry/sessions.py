"""Django's sessions in the database, with every write in a transaction, as a node demands."""

from django.contrib.sessions.backends.db import SessionStore as Store
from django.db import transaction


class SessionStore(Store):
    """A session that a mere page view drops (its password was reset, say) goes in a transaction too."""

    def delete(self, session_key: str | None = None) -> None:
        with transaction.atomic():
            super().delete(session_key)
