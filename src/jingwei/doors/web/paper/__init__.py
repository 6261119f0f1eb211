"""Forms on paper for the day without a machine: what stands on each, filled in from the node or empty."""

from .forms import FORMS, Form
from .sheets import PRINTABLE, sheets_of

__all__ = ["FORMS", "PRINTABLE", "Form", "sheets_of"]
