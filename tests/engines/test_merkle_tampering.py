"""Every single bit of a proof counts, and the test that says so can fail."""

import pytest

from jingwei.engines import merkle
from jingwei.engines.merkle import CompactRange, MemoryLevels, grow, verify_consistency, verify_inclusion

SIZES = (1, 2, 3, 5, 8, 13)
LEAVES = [f"entry {i}".encode() for i in range(max(SIZES))]
#: Bits of a size or an index that are flipped: enough to leave any of these trees.
NUMBER_BITS = 7


@pytest.fixture(scope="module")
def levels():
    kept = MemoryLevels()
    kept.keep(grow(CompactRange(), merkle.leaf_hashes(LEAVES)).runs)
    return kept


def flips(value):
    """The value with one bit turned: each of bytes, the low ones of a number, each of a list's hashes."""
    if isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(NUMBER_BITS))
    elif isinstance(value, bytes):
        number, size = int.from_bytes(value, "big"), len(value)
        yield from ((number ^ (1 << bit)).to_bytes(size, "big") for bit in range(8 * size))
    else:
        for i, one in enumerate(value):
            yield from ([*value[:i], other, *value[i + 1 :]] for other in flips(one))


def other_lengths(path, root):
    """The path with a hash lost, doubled, added or cut short."""
    for i in range(len(path)):
        yield path[:i] + path[i + 1 :]
        yield [*path[:i], path[i], *path[i:]]
        yield [*path[:i], path[i][:-1], *path[i + 1 :]]
    yield from ([root, *path], [*path, root], [b"", *path], [*path, b""])


def believed(check, claim, paths):
    """Changed claims that a check still believes: which part, and to what."""
    assert check(**claim), "an honest claim is believed"
    changed = [(part, other) for part, value in claim.items() for other in flips(value)]
    changed += [("path", other) for other in paths]
    return [(part, other) for part, other in changed if check(**{**claim, part: other})]


def inclusion_claims(levels):
    for size in SIZES:
        root = merkle.root_at(levels, size)
        for index in range(size):
            path = merkle.inclusion_path(levels, index=index, size=size)
            yield {"leaf": LEAVES[index], "index": index, "size": size, "path": path, "root": root}


def consistency_claims(levels):
    for second in SIZES:
        for first in range(1, second):
            yield {
                "first": first,
                "second": second,
                "path": merkle.consistency_path(levels, first=first, second=second),
                "first_root": merkle.root_at(levels, first),
                "second_root": merkle.root_at(levels, second),
            }


def holds(leaf, **claim):
    return verify_inclusion(merkle.leaf_hash(leaf), **claim)


def sides(index, size):
    """On which side of it each hash of an inclusion path stands."""
    if size == 1:
        return ""
    k = 1 << ((size - 1).bit_length() - 1)
    return sides(index, k) + "R" if index < k else sides(index - k, size - k) + "L"


def form(first, second, known=True):
    """The same for a consistency path: S, the common beginning, comes first unless it is the first root."""
    if first == second:
        return "" if known else "S"
    k = 1 << ((second - 1).bit_length() - 1)
    return form(first, k, known) + "R" if first <= k else form(first - k, second - k, False) + "L"


def test_no_changed_bit_of_an_inclusion_proof_is_believed(levels):
    """But for sizes with a path of the same form: the size belongs to the signed root (checkpoints)."""
    for claim in inclusion_claims(levels):
        index, size = claim["index"], claim["size"]
        same_form = [
            ("size", other)
            for other in flips(size)
            if index < other and sides(index, other) == sides(index, size)
        ]
        assert believed(holds, claim, other_lengths(claim["path"], claim["root"])) == same_form


def test_no_changed_bit_of_a_consistency_proof_is_believed(levels):
    for claim in consistency_claims(levels):
        first, second = claim["first"], claim["second"]
        same_form = [
            (part, other)
            for part, sizes in (
                ("first", [(o, second) for o in flips(first)]),
                ("second", [(first, o) for o in flips(second)]),
            )
            for (a, b), other in zip(sizes, flips(claim[part]), strict=True)
            if 0 < a < b and form(a, b) == form(first, second)
        ]
        assert {part for part, _ in same_form} <= {"second"}
        paths = other_lengths(claim["path"], claim["second_root"])
        assert believed(verify_consistency, claim, paths) == same_form


def test_ends_that_the_rfc_leaves_out():
    empty, one, two = merkle.EMPTY_ROOT, b"\1" * 32, b"\2" * 32

    def check(first, second, path, first_root, second_root):
        return verify_consistency(
            first=first, second=second, path=path, first_root=first_root, second_root=second_root
        )

    assert check(0, 0, [], empty, empty) and check(0, 5, [], empty, one) and check(5, 5, [], one, one)
    for wrong in (
        (0, 0, [], one, one),
        (0, 5, [], one, two),
        (0, 5, [two], empty, one),
        (5, 5, [], one, two),
        (5, 5, [one], one, one),
        (5, 6, [], one, two),
        (4, 6, [], one, one),
        (6, 5, [], one, two),
        (-1, 5, [], empty, one),
    ):
        assert not check(*wrong)
    assert not verify_inclusion(one, index=0, size=0, path=[], root=one)
    assert not verify_inclusion(one, index=-1, size=1, path=[], root=one)
    assert not verify_inclusion(b"", index=0, size=1, path=[], root=b"")


def test_a_path_longer_than_the_tree_is_high_leads_nowhere(levels):
    """Made to measure: hashes that would fit if one went on beyond the root."""
    left, right = levels.get_hashes(0, 0, 2)
    above = merkle.node_hash(left, right)
    assert verify_inclusion(right, index=1, size=2, path=[left], root=above)
    assert not verify_inclusion(right, index=0, size=1, path=[left], root=above)
    roots = [merkle.root_at(levels, size) for size in (3, 4)]
    path = merkle.consistency_path(levels, first=3, second=4)
    raised = [merkle.node_hash(left, root) for root in roots]
    assert not verify_consistency(
        first=3, second=4, path=[*path, left], first_root=raised[0], second_root=raised[1]
    )


def test_a_node_is_never_taken_for_a_leaf(levels):
    """The two hashes under a node, as the content of a leaf, do not give the node."""
    left, right = levels.get_hashes(0, 0, 2)
    root = merkle.root_at(levels, 2)
    assert not verify_inclusion(merkle.leaf_hash(left + right), index=0, size=1, path=[], root=root)


def test_canary_checks_that_overlook_something_are_seen(levels):
    """A check without its end, without lengths, or without the leaf is found by the same flips."""

    def without_end(leaf, *, index, size, path, root):
        """Stops as soon as the root is reached, whatever is left of the path."""
        ways = [path[:n] for n in range(len(path) + 1)]
        return any(holds(leaf, index=index, size=size, path=one, root=root) for one in ways)

    def without_index(leaf, *, index, size, path, root):
        return any(holds(leaf, index=i, size=size, path=path, root=root) for i in range(size))

    def without_leaf(leaf, *, index, size, path, root):
        return len(path) == len(sides(index, size)) if index < size else False

    claim = next(c for c in inclusion_claims(levels) if (c["index"], c["size"]) == (5, 8))
    lengths = list(other_lengths(claim["path"], claim["root"]))
    honest = {part for part, _ in believed(holds, claim, lengths)}
    assert honest == set()
    assert {part for part, _ in believed(without_end, claim, lengths)} == {"path"}
    assert "index" in {part for part, _ in believed(without_index, claim, lengths)}
    assert {"leaf", "root", "path"} <= {part for part, _ in believed(without_leaf, claim, lengths)}
