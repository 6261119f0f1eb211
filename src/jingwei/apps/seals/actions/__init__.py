"""What can be done with the seals: begin a tree, and seal."""

from .epochs import begin_epoch
from .seal import CannotSeal, Sealer, seal_all, seal_entries

__all__ = ["CannotSeal", "Sealer", "begin_epoch", "seal_all", "seal_entries"]
