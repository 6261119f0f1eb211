"""What so many people need by a standard, for other apps that show it beside what is there."""

from jingwei.apps.hazards.facts import DemandStandard

from .. import rules


def needed_by(standard: DemandStandard, people: int) -> int:
    """In the standard's unit, over its days, rounded up: as needs are estimated from people counted."""
    return rules.estimate(people, standard, measure="", area="", count_id="").quantity if people else 0
