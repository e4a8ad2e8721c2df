"""Ids: what they look like, which words mean them, and how short they may be shown."""

from hypothesis import given
from hypothesis import strategies as st

from taskorch.records import ids
from tests.records.documents import moderate, text

stems = st.text("0179ab", min_size=ids.LENGTH, max_size=ids.LENGTH)  # few letters: many common prefixes
record_ids = st.builds("{}-{}".format, st.sampled_from("tds"), stems)


@moderate
@given(st.sampled_from(list(ids.LETTERS)), st.binary(min_size=5, max_size=8))
def test_an_id_is_made_of_forty_random_bits(kind: str, randomness: bytes) -> None:
    made = ids.new_id(kind, randomness)
    assert ids.is_id(made)
    assert ids.kind_of(made) == kind
    number = 0
    for char in made[2:]:
        number = number * 32 + ids.ALPHABET.index(char)
    assert number == int.from_bytes(randomness[:5], "big")


def test_look_alikes_are_no_letters_of_an_id() -> None:
    assert not any(ids.is_id(f"t-0000000{letter}") for letter in "ilouILOU-_ \n")
    assert not ids.is_id("t-0000000")
    assert not ids.is_id("t-000000000")
    assert not ids.is_id("x-00000000")


@moderate
@given(st.sets(record_ids, min_size=1), st.data())
def test_a_prefix_means_every_id_it_begins_and_no_other(known: set[str], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(sorted(known)))
    length = data.draw(st.integers(3, ids.LENGTH))
    bare = one[2 : 2 + length]
    assert ids.match_prefix(bare, known) == sorted(i for i in known if i[2:].startswith(bare))
    lettered = one[: 2 + length].upper()
    assert ids.match_prefix(lettered, known) == sorted(i for i in known if i.startswith(lettered.lower()))
    assert ids.match_prefix(bare[:2], known) == []


@moderate
@given(st.sets(record_ids, min_size=1))
def test_the_shortest_prefix_is_unambiguous_and_could_not_be_shorter(known: set[str]) -> None:
    short = ids.shortest(known)
    assert set(short) == known
    for record_id, prefix in short.items():
        assert ids.match_prefix(prefix, known) == [record_id]
        assert len(prefix) >= len("t-") + 4
        if len(prefix) > len("t-") + 4:
            assert len(ids.match_prefix(prefix[:-1], known)) > 1


@moderate
@given(text)
def test_a_slug_is_safe_in_a_file_name(title: str) -> None:
    slug = ids.slug(title)
    assert len(slug) <= 40
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug == slug.strip("-")


def test_a_slug_has_the_first_words_of_the_title() -> None:
    assert ids.slug("Ünïcode: it's a Title!") == "unicode-it-s-a-title"
    assert ids.slug("日本語") == ""
    assert ids.slug("a" * 50) == "a" * 40
    assert ids.slug("one two " + "x" * 33) == "one-two"
