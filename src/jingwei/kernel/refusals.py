"""The two expected kinds of failure. Everything else is a bug and should be loud."""


class Refused(Exception):
    """A rule says no. The door has the sentence for `code` in both languages.

    `facts` fill the sentence's gaps: plain strings and numbers, no personal data.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Unavailable(Exception):
    """Something outside did not answer; the caller retries or takes the marked fallback."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
