"""What can be a number of beds, and which step of a transfer may follow which. Pure."""

from jingwei.kernel.refusals import Refused

#: Most beds of one kind in one hospital. Source: our estimate, the largest field hospitals, 2026-11-29.
MOST_BEDS = 20_000
#: Longest lead of a surge step, hours. Source: our estimate, what takes longer is building, 2026-11-29.
MOST_HOURS = 720.0
#: Bed figures older than this are marked, hours. Source: our estimate, a shift, 2026-11-29.
FRESH_H = 12

_NEXT = {
    "accepted": ("asked",),
    "refused": ("asked",),
    "sent": ("accepted",),
    "arrived": ("sent", "accepted"),
    "cancelled": ("asked", "accepted", "sent"),
}


class HospitalRefused(Refused):
    """`hospital_unknown`, `bed_kind_unknown`, `beds_impossible`, `beds_unknown`, `no_bed_free`,

    `surge_step_unknown`, `surge_step_running`, `surge_step_not_running`, `surge_step_incomplete`,
    `surge_beds_taken`, `transfer_unknown`, `transfer_incomplete`, `transfer_step_impossible`,
    `transfer_to_itself`, `transfer_key_reused`, `hospital_reason_missing`.
    """


def check_beds(usable: int, taken: int) -> None:
    """More may be taken than are usable: patients lie in corridors, and that is to be seen."""
    if not (0 <= usable <= MOST_BEDS and 0 <= taken <= MOST_BEDS):
        raise HospitalRefused("beds_impossible", most=MOST_BEDS)


def check_step(*, adds: int, within_h: float, how: str, number: int) -> None:
    fits = 1 <= adds <= MOST_BEDS and 0 <= within_h <= MOST_HOURS and 1 <= number <= MOST_HOURS
    if not fits or not how.strip():
        raise HospitalRefused("surge_step_incomplete")


def check_next(state: str, then: str) -> None:
    if state not in _NEXT[then]:
        raise HospitalRefused("transfer_step_impossible")


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise HospitalRefused("hospital_reason_missing")
    return reason.strip()[:300]
