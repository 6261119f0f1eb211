"""What the record says, measured against what the rules asked for. Decides, never fetches. Pure."""

from .chains import chains_of, check_chains
from .responses import check_conflicts, check_delay
from .silence import check_silence
from .words import check_later

__all__ = ["chains_of", "check_chains", "check_conflicts", "check_delay", "check_later", "check_silence"]
