"""Rules over all records: finding one by name, cycles, what is ready, who depends on whom."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskorch.errors import Ambiguous, BadRecord, NotFound
from taskorch.records import claim, decision, schema, session, task
from taskorch.records.claim import Claim
from taskorch.records.collecting import collect
from taskorch.records.collection import Collection
from tests.records.documents import moderate


def task_file(number: int | str, **values: str | Sequence[str]) -> tuple[str, bytes]:
    record_id = number if isinstance(number, str) else f"t-{number:08d}"
    whole = {"id": record_id, "title": record_id, "created": "2026-01-31", "status": "pending", **values}
    return f"tasks/{record_id}-x.md", schema.render_front_matter(task.FIELDS, whole).encode()


def decision_file(record_id: str, **values: Sequence[str]) -> tuple[str, bytes]:
    whole = {"id": record_id, "title": record_id, "status": "accepted", **values}
    return f"decisions/{record_id}.md", schema.render_front_matter(decision.FIELDS, whole).encode()


def session_files(record_id: str, created: str, *claims: Claim) -> list[tuple[str, bytes]]:
    head = schema.render_front_matter(session.FIELDS, {"id": record_id, "created": created})
    stem = f"sessions/2026-01/{record_id}"
    return [(f"{stem}.md", head.encode()), (f"{stem}.claims.jsonl", claim.render(claims).encode())]


def tasks(**edges: Sequence[int]) -> Collection:
    """Tasks of which ``t1=[2, 3]`` depends on the second and third."""
    return collect(
        task_file(int(name[1:]), depends_on=[f"t-{other:08d}" for other in others])
        for name, others in edges.items()
    )


def test_a_name_is_an_exact_id_then_an_alias_then_a_prefix() -> None:
    found = collect(
        [
            task_file("t-abcd0000"),
            task_file("t-abce0000", alias="t-abcd0000"),
            task_file("t-xyz00000", alias="abcd"),
        ]
    )
    assert found.task("T-ABCD0000").id == "t-abcd0000"
    assert found.task("abcd").id == "t-xyz00000"
    assert found.task("abcd0").id == "t-abcd0000"
    assert found.task("t-abce").id == "t-abce0000"


def test_an_ambiguous_name_lists_what_it_fits() -> None:
    found = collect([task_file("t-abcd0000"), task_file("t-abcd1111"), decision_file("d-abcd0000")])
    with pytest.raises(Ambiguous, match="'abcd' fits 2 tasks") as problem:
        found.task("abcd")
    assert problem.value.candidates == ["t-abcd0000  t-abcd0000", "t-abcd1111  t-abcd1111"]
    assert found.decision("abcd").id == "d-abcd0000"
    same_alias = collect([task_file(1, alias="ui"), task_file(2, alias="ui")])
    with pytest.raises(Ambiguous):
        same_alias.task("ui")


@pytest.mark.parametrize("name", ["ab", "", "t-", "abcx", "t-abcd00000", "d-abcd", "ABCD.", "\n"])
def test_a_name_that_means_nothing_is_said_so(name: str) -> None:
    with pytest.raises(NotFound, match="no task"):
        collect([task_file("t-abcd0000")]).task(name)


def test_a_name_of_a_broken_record_shows_what_is_broken() -> None:
    path, data = task_file("t-abcd0000")
    found = collect([(path, data.replace(b"pending", b"waiting"))])
    for name in ("t-abcd0000", "abcd"):
        with pytest.raises(BadRecord, match="'status' is 'waiting'"):
            found.task(name)


def test_the_second_record_of_an_id_is_a_problem() -> None:
    path, data = task_file(1)
    found = collect([(path, data), ("tasks/t-00000001-y.md", data)])
    assert [problem.path for problem in found.problems] == ["tasks/t-00000001-y.md"]
    assert path in found.problems[0].message


def test_cycles_are_ways_back_to_the_start() -> None:
    found = tasks(t1=[2], t2=[3, 9], t3=[1], t4=[4], t5=[1])
    assert found.cycle("t-00000001", found.dependency_edges) == [
        *("t-00000001", "t-00000002", "t-00000003", "t-00000001"),
    ]
    assert found.cycle("t-00000004", found.dependency_edges) == ["t-00000004", "t-00000004"]
    assert found.cycle("t-00000005", found.dependency_edges) is None
    assert found.dangling(found.task("t-00000002")) == ["t-00000009"]


@moderate
@given(st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 7), max_size=3), min_size=1))
def test_a_cycle_is_found_exactly_when_there_is_one(graph: dict[int, list[int]]) -> None:
    found = tasks(**{f"t{one}": others for one, others in graph.items()})
    for start, others in graph.items():
        reached, queue = set[int](), list(others)
        while queue:
            at = queue.pop()
            if at not in reached:
                reached.add(at)
                queue += graph.get(at, [])
        way = found.cycle(f"t-{start:08d}", found.dependency_edges)
        assert (way is not None) == (start in reached)
        for one, other in zip(way or [], (way or [])[1:], strict=False):
            assert other in found.dependency_edges(one)


def test_ready_is_pending_with_nothing_open_before_or_below_it() -> None:
    found = collect(
        [
            task_file(1, priority="low"),
            task_file(2, status="completed"),
            task_file(3, depends_on=["t-00000002"], priority="critical"),
            task_file(4, depends_on=["t-00000001"]),
            task_file(5, depends_on=["t-00000099"]),
            task_file(6, status="cancelled"),
            task_file(7, depends_on=["t-00000006"]),
            task_file(8, created="2026-01-01"),
            task_file(9),
            task_file(10, parent="t-00000009", status="active"),
            task_file(11, status="blocked"),
            task_file(12, parent="t-00000011"),
            task_file(13, parent="t-00000004"),
            task_file(14, parent="t-00000013"),
        ]
    )
    assert found.waiting_above(found.task("t-00000014")) == found.task("t-00000004")
    assert [one.id for one in found.ready()] == [f"t-{n:08d}" for n in (3, 8, 12, 1)]
    assert [one.id for one in found.above(found.task("t-00000014"))] == ["t-00000013", "t-00000004"]
    assert found.waits_for(found.task("t-00000007")) == ["t-00000006"]


def test_children_and_all_below_them_even_in_a_ring() -> None:
    found = collect(
        [
            task_file(1, parent="t-00000003"),
            task_file(2, parent="t-00000001"),
            task_file(3, parent="t-00000002"),
            task_file(4, parent="t-00000001", status="cancelled"),
        ]
    )
    assert [one.id for one in found.children("t-00000001")] == ["t-00000002"]
    assert found.descendants("t-00000001") == {f"t-{n:08d}" for n in (1, 2, 3, 4)}
    assert found.descendants("t-00000004") == set()
    assert found.cycle("t-00000001", found.parent_edges) is not None


def test_links_of_decisions_are_read_from_both_ends() -> None:
    found = collect([decision_file("d-00000001"), decision_file("d-00000002", supersedes=["d-00000001"])])
    assert found.back_links("d-00000001")["superseded_by"] == ["d-00000002"]
    assert found.decision("d-00000002").links("supersedes") == ("d-00000001",)


def test_claims_join_across_sessions_in_order_of_time() -> None:
    def change(before: int, after: int) -> Claim:
        states = [f"100644 {content:040x}" for content in (before, after)]
        return Claim("t-00000001", "a", "modify", states[0], states[1], None, claim.SEEN)

    found = collect(
        [
            *session_files("s-00000001", "2026-01-02T00:00:00Z", change(2, 3)),
            *session_files("s-00000002", "2026-01-01T00:00:00Z", change(1, 2)),
        ]
    )
    assert found.net_claims() == [change(1, 3)]
    assert found.net_claims(["s-00000001"]) == [change(2, 3)]


def test_ten_thousand_tasks_in_a_row_are_walked_in_no_time() -> None:
    count = 10_000
    found = collect(
        task_file(n, depends_on=[f"t-{n + 1:08d}"], parent=f"t-{n - 1:08d}") for n in range(1, count)
    )
    start = time.process_time()
    assert found.cycle("t-00000001", found.dependency_edges) is None
    assert len(found.descendants("t-00000001")) == count - 2
    assert found.ready() == []
    assert time.process_time() - start < 1


def test_what_is_above_a_task_ends_in_a_ring() -> None:
    found = collect([task_file(1, parent="t-00000002"), task_file(2, parent="t-00000001")])
    assert [one.id for one in found.above(found.task("t-00000001"))] == ["t-00000002"]
