"""The tree: published roots and proofs, and agreement with the definition written down naively."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.engines import merkle
from jingwei.engines.merkle import CompactRange, MemoryLevels, MissingHash, TiledLevels, grow

#: Leaves and roots of the certificate-transparency reference tests: google/certificate-transparency,
#: cpp/merkletree/merkle_tree_test.cc, kInputs and kSHA256Roots.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

#: The proofs of transparency-dev/merkle, proof/verify_test.go, inclusionProofs (its leaves count from 1;
#: here from 0) and consistencyProofs.
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def tree(leaves):
    """A tree grown at once, with its hashes kept."""
    grown = grow(CompactRange(), merkle.leaf_hashes(leaves))
    levels = MemoryLevels()
    levels.keep(grown.runs)
    return grown.range, levels


def numbered(count):
    return [f"entry {i}".encode() for i in range(count)]


# RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1, as they stand there: lists and recursion, nothing clever.


def naive_root(d):
    if len(d) <= 1:
        return sha256(b"\0" + d[0]).digest() if d else sha256(b"").digest()
    k = naive_split(len(d))
    return sha256(b"\1" + naive_root(d[:k]) + naive_root(d[k:])).digest()


def naive_split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_path(m, d):
    if len(d) == 1:
        return []
    k = naive_split(len(d))
    if m < k:
        return [*naive_path(m, d[:k]), naive_root(d[k:])]
    return [*naive_path(m - k, d[k:]), naive_root(d[:k])]


def naive_proof(m, d, complete=True):
    if m == len(d):
        return [] if complete else [naive_root(d)]
    k = naive_split(len(d))
    if m <= k:
        return [*naive_proof(m, d[:k], complete), naive_root(d[k:])]
    return [*naive_proof(m - k, d[k:], False), naive_root(d[:k])]


def test_published_roots_leaf_by_leaf_and_at_once():
    leaves = [bytes.fromhex(x) for x in LEAVES]
    assert CompactRange().root.hex() == merkle.EMPTY_ROOT.hex() == EMPTY
    one_by_one = CompactRange()
    for size, root in enumerate(ROOTS, start=1):
        one_by_one = grow(one_by_one, [merkle.leaf_hash(leaves[size - 1])]).range
        at_once, levels = tree(leaves)
        assert one_by_one.root.hex() == merkle.root_at(levels, size).hex() == root
        assert tree(leaves[:size])[0] == one_by_one
    assert at_once == one_by_one


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs(index, size):
    leaves = [bytes.fromhex(x) for x in LEAVES]
    path = merkle.inclusion_path(tree(leaves)[1], index=index, size=size)
    assert [p.hex() for p in path] == INCLUSION[index, size]
    root, leaf = bytes.fromhex(ROOTS[size - 1]), merkle.leaf_hash(leaves[index])
    assert merkle.verify_inclusion(leaf, index=index, size=size, path=path, root=root)


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_published_consistency_proofs(first, second):
    levels = tree([bytes.fromhex(x) for x in LEAVES])[1]
    path = merkle.consistency_path(levels, first=first, second=second)
    assert [p.hex() for p in path] == CONSISTENCY[first, second]
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (first, second)]
    assert merkle.verify_consistency(
        first=first, second=second, path=path, first_root=roots[0], second_root=roots[1]
    )


def test_every_proof_of_small_trees_is_the_definitions():
    leaves = numbered(21)
    _, levels = tree(leaves)
    roots = [naive_root(leaves[:n]) for n in range(len(leaves) + 1)]
    for size in range(1, len(leaves) + 1):
        for index in range(size):
            path = merkle.inclusion_path(levels, index=index, size=size)
            assert path == naive_path(index, leaves[:size])
            leaf = merkle.leaf_hash(leaves[index])
            assert merkle.verify_inclusion(leaf, index=index, size=size, path=path, root=roots[size])
        for first in range(size + 1):
            path = merkle.consistency_path(levels, first=first, second=size)
            assert path == (naive_proof(first, leaves[:size]) if first else [])
            assert merkle.verify_consistency(
                first=first, second=size, path=path, first_root=roots[first], second_root=roots[size]
            )


BATCHES = st.lists(st.lists(st.binary(max_size=8), max_size=20), max_size=8)


@given(BATCHES)
@settings(max_examples=60, deadline=None)
def test_growing_in_pieces_is_growing_at_once(batches):
    state, kept, leaves = CompactRange(), MemoryLevels(), []
    for batch in batches:
        grown = grow(state, merkle.leaf_hashes(batch))
        state, leaves = grown.range, leaves + batch
        kept.keep(grown.runs)
        assert state.root == naive_root(leaves)
    assert (state.root, len(state.peaks)) == (tree(leaves)[0].root, len(leaves).bit_count())
    for size in range(len(leaves) + 1):
        assert merkle.root_at(kept, size) == naive_root(leaves[:size])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_old_sizes_are_answered_from_a_tree_that_has_grown_on(data):
    leaves = numbered(data.draw(st.integers(1, 400)))
    _, levels = tree(leaves)
    size = data.draw(st.integers(1, len(leaves)))
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert merkle.inclusion_path(levels, index=index, size=size) == naive_path(index, leaves[:size])
    assert merkle.consistency_path(levels, first=first, second=size) == naive_proof(first, leaves[:size])


def test_a_proof_reads_a_few_hashes_not_the_tree():
    state, levels = tree(numbered(1000))
    asked = []

    class Counting:
        def get_hashes(self, level, start, count):
            asked.append((level, start, count))
            return levels.get_hashes(level, start, count)

    merkle.inclusion_path(Counting(), index=700, size=1000)
    merkle.consistency_path(Counting(), first=333, second=1000)
    assert merkle.root_at(Counting(), 1000) == state.root
    assert len(asked) < 50 and {count for *_, count in asked} == {1}


def tiles_of(levels, size):
    """What a store of tiles would hold: hashes of levels 0, 8, 16, 256 to a tile."""

    def read(level, number):
        have = size >> (8 * level)
        return b"".join(levels.get_hashes(8 * level, 256 * number, min(256, have - 256 * number)))

    return TiledLevels(read)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_tiles_answer_as_levels_do(size):
    state, levels = tree(numbered(size))
    tiles = tiles_of(levels, size)
    assert merkle.root_at(tiles, size) == state.root
    for index in {0, size // 2, size - 1}:
        assert merkle.inclusion_path(tiles, index=index, size=size) == merkle.inclusion_path(
            levels, index=index, size=size
        )
    assert list(tiles.get_hashes(2, 0, size >> 2)) == list(levels.get_hashes(2, 0, size >> 2))


def test_a_store_with_a_hole_is_named_not_guessed():
    _, levels = tree(numbered(6))
    with pytest.raises(MissingHash):
        merkle.root_at(levels, 7)
    with pytest.raises(MissingHash):
        tiles_of(levels, 6).get_hashes(0, 6, 1)
    later = grow(tree(numbered(8))[0], merkle.leaf_hashes([b"x"]))
    with pytest.raises(MissingHash, match="level 0 has 6"):
        levels.keep(later.runs)


def test_what_cannot_be_is_refused():
    _, levels = tree(numbered(4))
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError):
            merkle.inclusion_path(levels, index=index, size=size)
    for first, second in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError):
            merkle.consistency_path(levels, first=first, second=second)
    with pytest.raises(ValueError):
        CompactRange(size=3, peaks=(b"x" * 32,))
    with pytest.raises(ValueError):
        CompactRange(size=1, peaks=(b"short",))
    with pytest.raises(ValueError):
        grow(CompactRange(), [b"short"])
