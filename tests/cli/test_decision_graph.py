"""``decision graph``: as a tree, as Mermaid and DOT, as data."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from taskorch.services.decisions.graph import tree
from tests.cli.making import new_decision
from tests.conftest import start_project
from tests.repos import Build, Repo

HOSTILE = [
    'Say "no" to [brackets] {braces} (parens)', "end", "# not `code` <b>bold</b> &amp; &#35; #quot;",
    "back\\slash at the end \\", "a;b|c-->d %% e", "style x:#35;y; classDef a:#1;",
    "tab\there \x1b[31mred\x1b[0m",
    "x" * 190, "line one\\nline two\\l \\N", "\u202eright to left", "日本語 \u00e9 \U0001f600",
    '"]; d_1 --> d_2; "', "`**markdown**`", "</script><img src=x onerror=alert(1)>",
]  # fmt: skip


def linked(repo: Repo) -> None:
    """Five decisions: ``New`` supersedes ``Old``, which refines ``Base``, as ``Also`` does; ``Alone``."""
    start_project(repo)
    made = {
        title: new_decision(repo, title, "--status", "accepted")
        for title in ("Base", "Old", "New", "Also", "Alone")
    }
    for day, one in enumerate(made.values(), 1):
        write(repo, one, r"^date: .*", f"date: 2026-01-0{day}")
    repo.run("decision", "refine", made["Base"], "--by", made["Old"])
    repo.run("decision", "refine", made["Base"], "--by", made["Also"])
    repo.run("decision", "supersede", made["Old"], "--by", made["New"])
    repo.commit("decisions")


def write(repo: Repo, decision: str, old: str, new: str) -> None:
    """Change a record by hand."""
    path = repo.path / str(repo.json("decision", "show", decision)["path"])
    text, count = re.subn(old, lambda _: new, path.read_text(), count=1, flags=re.MULTILINE)
    assert count
    path.write_text(text)


@pytest.fixture
def five(build: Build) -> Repo:
    """As `linked` builds it."""
    return build(linked)


def ids_of(repo: Repo) -> dict[str, str]:
    return {one["title"]: one["id"] for one in repo.json("decision", "list")["decisions"]}


def graph(repo: Repo, *words: str) -> tuple[list[str], set[tuple[str, str, str]]]:
    """The titles of the nodes, and the edges by title."""
    found = repo.json("decision", "graph", *words)
    titles = {one["id"]: one["title"] for one in found["nodes"]}
    edges = {(titles[one["from"]], one["kind"], titles[one["to"]]) for one in found["edges"]}
    assert len(edges) == len(found["edges"])
    return list(titles.values()), edges


NEW, OLD, ALSO = ("New", "supersedes", "Old"), ("Old", "refines", "Base"), ("Also", "refines", "Base")


@pytest.mark.parametrize(
    ("words", "nodes", "edges"),
    [
        ([], ["Alone", "Also", "New", "Old", "Base"], {NEW, OLD, ALSO}),
        (["{New}"], ["Also", "New", "Old", "Base"], {NEW, OLD, ALSO}),
        (["{Alone}"], ["Alone"], set()),
        (["{Alone}", "{Also}"], ["Alone", "Also", "New", "Old", "Base"], {NEW, OLD, ALSO}),
        (["--status", "accepted"], ["Alone", "Also", "New", "Base"], {ALSO}),
        (["--status", "superseded", "--status", "accepted", "{Base}"],
         ["Also", "New", "Old", "Base"], {NEW, OLD, ALSO}),
        (["--status", "rejected"], [], set()),
    ],
)  # fmt: skip
def test_nodes_and_edges(
    five: Repo, words: list[str], nodes: list[str], edges: set[tuple[str, str, str]]
) -> None:
    known = ids_of(five)
    assert graph(five, *(word.format(**known) for word in words)) == (nodes, edges)


def test_the_tree_has_what_stands_at_the_top_and_what_it_names_below(five: Repo) -> None:
    known = {title: one[:6] for title, one in ids_of(five).items()}
    out = five.run("decision", "graph").out
    assert out == (
        "{Also}  accepted  Also\n"
        "  refines {Base}  accepted  Base\n"
        "{New}  accepted  New\n"
        "  supersedes {Old}  superseded  Old\n"
        "    refines {Base}  (shown above)\n"
        "1 more decision without links: --all shows them\n"
    ).format(**known)
    whole = five.run("decision", "graph", "--all").out
    assert whole == out.replace(
        "1 more decision without links: --all shows them", f"{known['Alone']}  accepted  Alone"
    )
    assert five.run("decision", "graph", known["Alone"]).out == f"{known['Alone']}  accepted  Alone\n"


def test_what_does_not_stand_comes_later_also_where_it_is_newer(five: Repo) -> None:
    known = ids_of(five)
    five.run("decision", "refine", known["Also"], "--by", known["Alone"])
    five.run("decision", "deprecate", known["Alone"])
    tops = [line for line in five.run("decision", "graph").out.splitlines() if not line.startswith(" ")]
    assert [line.rsplit("  ", 1)[1] for line in tops] == ["New", "Alone"]


def test_without_links_and_without_decisions(project: Repo) -> None:
    assert project.run("decision", "graph").out == "no decisions\n"
    for title in ("One", "Two"):
        new_decision(project, title)
    out = project.run("decision", "graph").out
    assert out.startswith("no decision is linked to another: decision supersede")
    assert out.endswith("2 decisions without links: --all shows them\n")


def test_rings_end(five: Repo) -> None:
    known = ids_of(five)
    write(five, known["Base"], "^clarifies:\n", f"clarifies:\n  - {known['New']}\n")
    write(five, known["Alone"], "^reverses:\n", f"reverses:\n  - {known['Alone']}\n")
    out = five.run("decision", "graph").out
    shown = [line.strip() for line in out.splitlines()]
    assert sum("(shown above)" in line for line in shown) == 2
    assert all(sum(line.endswith(f"  {title}") for line in shown) == 1 for title in known)
    assert five.run("decision", "graph", known["New"], "--format", "mermaid").out.count("|") == 8


def test_a_long_chain_is_no_recursion() -> None:
    names = [f"d-{number:08}" for number in range(5000)]
    nodes = [{"id": name, "short": name, "title": name, "status": "accepted"} for name in names]
    edges = [{"from": one, "to": other, "kind": "refines"} for one, other in pairwise(names)]
    assert [row.depth for row in tree({"nodes": nodes, "edges": edges})] == list(range(5000))


def test_links_to_decisions_that_are_not_here_are_left_out(five: Repo) -> None:
    known = ids_of(five)
    five.remove(five.json("decision", "show", known["Old"])["path"])
    assert graph(five) == (["Alone", "Also", "New", "Base"], {ALSO})
    five.write(f".orchestrator/decisions/{known['Old']}-old.md", "---\nno\n---\n")
    done = five.run("decision", "graph")
    assert "unreadable: " in done.err
    assert five.json("decision", "graph")["problems"]


def test_the_graph_of_a_commit(five: Repo) -> None:
    new_decision(five, "Later")
    assert "Later" in graph(five)[0]
    assert graph(five, "--at", "HEAD") == (["Alone", "Also", "New", "Old", "Base"], {NEW, OLD, ALSO})


# One line of what we write, as Mermaid's grammar takes it: a name, and a text between quotes in which
# nothing but letters, digits, some marks, <br/> and entities stands.
_TEXT = r"(?:[\w .,!?/+=()-]|<br/>|#\d+;)*"
_MERMAID = re.compile(
    rf'  (?:(d_\w{{8}})\["({_TEXT})"\]:::(\w+)'
    r"|(d_\w{8}) (==>|-->|-\.->)\|(\w+)\| (d_\w{8})"
    r"|classDef (\w+) fill:#\w{6},stroke:#\w{6},color:#\w{6}(?:,stroke-dasharray:4 3)?)"
)


def test_mermaid(five: Repo) -> None:
    first, *lines = five.run("decision", "graph", "--format", "mermaid").out.splitlines()
    assert first == "flowchart TD"
    found = [_MERMAID.fullmatch(line) for line in lines]
    assert all(found), lines
    known = {title: one.replace("-", "_") for title, one in ids_of(five).items()}
    nodes = {one[1]: (one[2], one[3]) for one in found if one and one[1]}
    status = {title: "superseded" if title == "Old" else "accepted" for title in known}
    assert nodes == {
        known[t]: (f"{known[t][:6].replace('_', '-')} ({status[t]})<br/>{t}", status[t]) for t in known
    }
    edges = {(one[4], one[5], one[6], one[7]) for one in found if one and one[4]}
    assert edges == {
        (known["New"], "==>", "supersedes", known["Old"]),
        (known["Old"], "-->", "refines", known["Base"]),
        (known["Also"], "-->", "refines", known["Base"]),
    }
    assert {one[8] for one in found if one and one[8]} == {"accepted", "superseded"}


def hostile(repo: Repo) -> dict[str, str]:
    """A decision for each of `HOSTILE`, and the id of each."""
    made = {}
    for title in HOSTILE:
        made[title] = new_decision(repo, "T")
        quoted = '"' + "".join(f"\\U{ord(char):08x}" for char in title) + '"'
        write(repo, made[title], "^title: .*", f"title: {quoted}")
    for newer, older in zip(list(made.values())[1:], made.values(), strict=False):
        repo.run("decision", "clarify", older, "--by", newer)
    return made


def seen(label: str) -> str:
    """A label as it is drawn, on one line without blanks: entities read, once."""
    return re.sub(r"\s+", "", html.unescape(label))


def expected(title: str) -> str:
    written = {"\t": r"\t", "\x1b": r"\x1b", "\u202e": r"\u202e"}
    return re.sub(r"\s+", "", "".join(written.get(char, char) for char in title))


def test_no_title_breaks_mermaid(project: Repo) -> None:
    made = hostile(project)
    lines = project.run("decision", "graph", "--format", "mermaid").out.splitlines()[1:]
    assert all(_MERMAID.fullmatch(line) for line in lines)
    # mermaid strips the last ";" of what looks to it like a style with a colour
    assert not any(re.search(r"(?:style|classDef).*:\S*#.*;", line) for line in lines)
    labels = {one[1]: one[2] for line in lines if (one := _MERMAID.fullmatch(line)) and one[1]}
    for title, decision in made.items():
        label = labels[decision.replace("-", "_")].split("<br/>", 1)[1]
        shown = seen(re.sub(r"#(\d+);", r"&#\1;", label.replace("<br/>", " ")))
        shown = shown.replace("\u200b", "").translate({0x2CB: "`", 0x2217: "*", 0x223C: "~"})
        assert shown == expected(title)[: len(shown.removesuffix("..."))] + "..." * shown.endswith("...")


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("1. Record it", "|1. Record it"),
        ("+ [ ] task", "|+ [ ] task"),
        ("# hash", "|# hash"),
        ("Use `ruff`", "Use \u02cbruff\u02cb"),
        ("a **b** ~~c~~", "a \u2217\u2217b\u2217\u2217 \u223c\u223cc\u223c\u223c"),
        ("See https://a.b, www.c.d, e@f.g", "See https:|//a.b, www|.c.d, e@|f.g"),
        ("[a](b) $$c$$", "|[a]|(b) $|$c$|$"),
        ("Keep __init__ of a_b_c", "Keep |_|_init_|_| of a_b_c"),
    ],
)
def test_no_title_is_markdown_to_mermaid(project: Repo, title: str, drawn: str) -> None:
    """Some versions of Mermaid draw ``Unsupported markdown: list`` and the like; `|` is of no width here."""
    new_decision(project, title)
    out = project.run("decision", "graph", "--format", "mermaid").out
    label = html.unescape(re.sub(r"#(\d+);", r"&#\1;", out)).split("(proposed)<br/>")[1].split('"]')[0]
    assert label.replace("\u200b", "|") == drawn


# https://graphviz.org/doc/info/lang.html: names and texts between quotes, in which only \" is special
_TOKEN = re.compile(r'\s*("(?:\\.|[^"\\])*"|->|[\[\]{};=,]|\w+)')


def dot_tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        assert found, text[at : at + 60]
        yield found[1]
        at = found.end()


def dot_statements(text: str) -> list[tuple[list[str], dict[str, str]]]:
    """Each statement of a DOT text: the nodes it names, and its attributes."""
    tokens = dot_tokens(text)
    assert [next(tokens) for _ in range(3)] == ["digraph", "decisions", "{"]
    out: list[tuple[list[str], dict[str, str]]] = []
    words: list[str] = []
    for token in tokens:
        if token == ";":
            end = words.index("[") if "[" in words else len(words)
            inner = words[end + 1 : -1]
            assert not inner or words[-1] == "]"
            assert inner[1::4] == ["="] * len(inner[1::4])
            assert inner[3::4] == [","] * len(inner[3::4])
            out.append((words[:end], dict(zip(inner[::4], inner[2::4], strict=True))))
            words = []
        else:
            words.append(token)
    assert words == ["}"]
    return out


def test_dot(five: Repo) -> None:
    known = {one: title for title, one in ids_of(five).items()}
    statements = dot_statements(five.run("decision", "graph", "--format", "dot").out)
    assert statements[0] == (["rankdir", "=", "TB"], {})
    nodes = {
        names[0].strip('"'): found for names, found in statements if len(names) == 1 and "label" in found
    }
    assert {known[one]: found["label"].split(r"\n")[1] for one, found in nodes.items()} == {
        title: f'{title}"' for title in known.values()
    }
    dashed = {known[one] for one, found in nodes.items() if "dashed" in found["style"]}
    assert dashed == {"Old"}
    edges = {
        (known[names[0].strip('"')], found["label"], known[names[2].strip('"')])
        for names, found in statements if len(names) == 3 and names[1] == "->"
    }  # fmt: skip
    assert edges == {
        ("New", '"supersedes"', "Old"),
        ("Old", '"refines"', "Base"),
        ("Also", '"refines"', "Base"),
    }


def test_no_title_breaks_dot(project: Repo) -> None:
    made = hostile(project)
    statements = dot_statements(project.run("decision", "graph", "--format", "dot").out)
    labels = {
        names[0].strip('"'): found["label"]
        for names, found in statements
        if len(names) == 1 and "label" in found
    }
    for title, decision in made.items():
        # as Graphviz reads an escString: \n breaks the line, any other escaped character stands for itself
        text = re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], labels[decision][1:-1])
        shown = seen(text.split("\n", 1)[1])
        assert shown == expected(title)[: len(shown.removesuffix("..."))] + "..." * shown.endswith("...")


def test_a_diagram_that_is_too_large_for_mermaid_is_told_of(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = new_decision(project), new_decision(project, "Other")
    project.run("decision", "refine", one, "--by", other)
    assert project.run("decision", "graph", "--format", "mermaid").err == ""
    monkeypatch.setattr("taskorch.services.decisions.diagrams.MOST_EDGES", 0)
    assert "Mermaid draws nothing beyond" in project.run("decision", "graph", "--format", "mermaid").err


def test_status_words_are_coloured_on_a_terminal_only_and_titles_cannot_steer_it(project: Repo) -> None:
    hostile(project)
    for form in ("tree", "mermaid", "dot"):
        out = project.run("decision", "graph", "--format", form).out
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", out), form


def test_json_by_either_option_and_never_both_ways(five: Repo) -> None:
    assert (
        five.run("decision", "graph", "--format", "json").out == five.run("decision", "graph", "--json").out
    )
    assert five.run("decision", "graph", "--json", "--format", "dot", check=False).code == 2
    done = five.run("decision", "graph", "d-zzz", "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")


def test_nothing_is_written(five: Repo, tmp_path: Path) -> None:
    before = five.git("status", "--porcelain", "--ignored")
    five.run("decision", "graph", "--format", "dot")
    assert five.git("status", "--porcelain", "--ignored") == before
