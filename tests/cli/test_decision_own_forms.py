"""Folders adopted in place that write in ways of their own: new decisions and changes are like the others."""

from __future__ import annotations

import pytest

from tests.repos import Repo

BODY = "## Context\n\nx\n\n## Decision\n\ny\n\n## Consequences\n\nz\n"


def adopted(repo: Repo, **texts: str) -> Repo:
    """The repository with a folder of files named ``_0001_use_a`` for 0001-use-a.md, adopted in place."""
    for name, text in texts.items():
        stem, _, ending = name[1:].partition("__")
        repo.write(f"adr/{stem.replace('_', '-')}.{ending or 'md'}", text)
    repo.run("decision", "adopt", "adr", "--in-place")
    repo.commit("adopted")
    return repo


def new(repo: Repo) -> tuple[str, str]:
    """A new decision's id and path."""
    made = repo.json("decision", "new", "Use E", "--context", "c", "--decision", "e", "--rationale", "good")
    return made["id"], made["path"]


def replaced(repo: Repo) -> tuple[str, str]:
    """The first decision and the new one, which was accepted and supersedes it."""
    one, path = new(repo)
    repo.run("decision", "accept", one)
    repo.run("decision", "supersede", "1", "--by", one)
    assert repo.json("doctor")["problems"] == []
    shown = repo.json("decision", "show", "1")
    assert (shown["status"], shown["superseded_by"]) == ("superseded", [one])
    return repo.read(shown["path"]), repo.read(path)


def test_signs_before_the_word_of_a_status_are_kept(project: Repo) -> None:
    text = "# {n}. {t}\n\nDate: 2020-01-0{n}\n\n## Status\n\n{s}\n\n" + BODY
    adopted(
        project,
        _0001_use_a=text.format(n=1, t="Use A", s="✅ Accepted"),
        _0002_use_b=text.format(n=2, t="Use B", s="⌛️ Superseded by [3. Use C](0003-use-c.md)"),
        _0003_use_c=text.format(n=3, t="Use C", s="✅ Accepted"),
    )
    old, _ = replaced(project)
    assert "## Status\n\n⌛️ Superseded by [4. Use E](0004-use-e.md)\n\n## Context" in old


def test_a_status_that_is_said_twice_is_changed_twice(project: Repo) -> None:
    text = '---\ntitle: "{n}. {t}"\nadr: "000{n}"\nstatus: Accepted\n---\n\n# {n}. {t}\n\n## Status\n\n'
    text += "Accepted\n\n"
    adopted(
        project,
        _0001_use_a=text.format(n=1, t="Use A") + BODY,
        _0002_use_b=text.format(n=2, t="Use B") + BODY,
    )
    old, young = replaced(project)
    assert old.count("Superseded by [ADR-0003](0003-use-e.md)") == 2 and "Accepted" not in old
    assert young.startswith(
        '---\ntitle: "3. Use E"\nadr: "0003"\nstatus: Accepted\n---\n\n# 3. Use E\n\n## Status\n\nAccepted\n'
    )


def test_a_section_ends_at_an_underlined_heading(project: Repo) -> None:
    text = "{t}\n=====\n\nStatus\n------\n\nAccepted\n\nContext\n-------\n\nx\n\nDecision\n--------\n\ny\n"
    adopted(project, _0001_use_a=text.format(t="Use A"), _0002_use_b=text.format(t="Use B"))
    old, _ = replaced(project)
    assert "Status\n------\n\nSuperseded by [ADR-0003](0003-use-e.md)\n\nContext\n" in old


def test_what_has_no_status_gets_it_below_an_underlined_title(project: Repo) -> None:
    text = "Use A\n=====\n\nContext\n-------\n\nx\n\nDecision\n--------\n\ny\n"
    adopted(project, _0001_use_a=text, _0002_use_b=text.replace("A", "B"))
    old, _ = replaced(project)
    assert old.startswith("Use A\n=====\n\n* Status: superseded by [ADR-0003](0003-use-e.md)\n\nContext\n")


def test_restructured_text_is_written_as_such(project: Repo) -> None:
    text = "{n}. {t}\n########\n\nStatus\n******\n\nAccepted\n\n"
    text += "Context\n*******\n\nx\n\nDecision\n********\n\ny\n"
    adopted(
        project,
        _0001_use_a__rst=text.format(n=1, t="Use A"),
        _0002_use_b__rst=text.format(n=2, t="Use B"),
    )
    old, young = replaced(project)
    assert "Superseded by `ADR-0003 <0003-use-e.rst>`__\n\nContext\n*******" in old
    assert young.startswith("3. Use E\n========\n\nStatus\n------\n\nAccepted\n\nSupersedes `ADR-0001 <")
    assert "\nContext\n-------\n\nc\n" in young and "#" not in young


def test_a_change_log_is_begun_where_the_others_have_one(project: Repo) -> None:
    text = "# ADR 00{n}: {t}\n\n## Changelog\n\n- 2020-01-0{n}: draft\n\n## Status\n\nAccepted\n\n" + BODY
    adopted(project, _adr_001_use_a=text.format(n=1, t="Use A"), _adr_002_use_b=text.format(n=2, t="Use B"))
    _, path = new(project)
    day = project.json("decision", "show", "3")["date"]
    assert path == "adr/adr-003-use-e.md"
    assert project.read(path).startswith(
        f"# ADR 003: Use E\n\n## Changelog\n\n- {day}: first draft\n\n## Status\n\nProposed\n"
    )


@pytest.mark.parametrize(
    ("words", "link"), [("ADRs 1 and 2", "ADR 4"), ("ADR-0001 and ADR-0002", "ADR-0004")]
)
def test_one_decision_is_not_named_as_several(project: Repo, words: str, link: str) -> None:
    text = "# {t}\n\n## Status\n\n{s}\n\n" + BODY
    adopted(
        project,
        _0001_use_a=text.format(t="Use A", s="Superseded"),
        _0002_use_b=text.format(t="Use B", s="Superseded"),
        _0003_use_c=text.format(t="Use C", s=f"Accepted\n\nSupersedes {words}"),
    )
    one, _ = new(project)
    project.run("decision", "accept", one)
    project.run("decision", "supersede", "3", "--by", one)
    assert f"\nSuperseded by {link}\n" in project.read("adr/0003-use-c.md")


def test_a_name_is_like_those_beside_it(project: Repo) -> None:
    for number in (1, 2, 3):
        project.write(
            f"adr/core/X-ADR-Core-000{number}-a.md", f"# A {number}\n\n## Status\n\nAccepted\n\n{BODY}"
        )
    adopted(project, _X_ADR_0001_b="# B\n\n## Status\n\nAccepted\n\n" + BODY)
    assert new(project)[1] == "adr/X-ADR-0002-use-e.md"


def test_nobody_proposes_what_is_on_hold(project: Repo) -> None:
    text = "---\nstatus: on hold\n---\n# {t}\n\n" + BODY
    adopted(project, _0001_use_a=text.format(t="Use A"), _0002_use_b=text.format(t="Use B"))
    assert "\nstatus: proposed\n" in project.read(new(project)[1])


def test_links_to_the_pages_of_a_site_lead_to_the_decisions(project: Repo) -> None:
    text = "# Use {t}\n\n## Status\n\nAccepted\n\n## Context\n\nsee [it]({to}.html)\n\n## Decision\n\ny\n"
    project.write("adr/0001-use-a.md", text.format(t="A", to="0002-use-b"))
    project.write("adr/0002-use-b.md", text.format(t="B", to="0009-none"))
    assert dead(adopted(project)) == ["adr/0002-use-b.md"]
    project.write(".orchestrator/config.yaml", "format: 1\n")
    project.run("decision", "adopt", "adr")
    first, second = (project.json("decision", "show", one)["path"] for one in ("1", "2"))
    assert f"see [it]({second.rpartition('/')[2]})" in project.read(first)
    assert dead(project) == [second]


def dead(repo: Repo) -> list[str]:
    """The decisions with links that lead nowhere."""
    found = repo.json("decision", "check", check=False)["findings"]
    return [one["path"] for one in found if one["kind"] == "dead_link"]


def test_a_status_that_only_notices_say_is_written_as_the_date_is(project: Repo) -> None:
    text = "# {n}. {t}\n\n**Date:** 2020-01-0{n}\n\n{s}" + BODY
    notice = "This decision was superseded by [2. Use B](0002-use-b.md)\n\n"
    adopted(
        project,
        _0001_use_a=text.format(n=1, t="Use A", s=notice),
        _0002_use_b=text.format(n=2, t="Use B", s=""),
    )
    assert "# 3. Use E\n\n**Status:** proposed\n\n**Date:** 2" in project.read(new(project)[1])


def test_keys_that_name_what_was_replaced_are_filled_in(project: Repo) -> None:
    text = "---\nstatus: {s}\n{k}parts:\n- x\n---\n# {t}\n\n" + BODY
    adopted(
        project,
        _0001_use_a=text.format(s="Accepted", k="", t="Use A"),
        _0002_use_b=text.format(s="Superseded", k='superseded_by: ["0003"]\n', t="Use B"),
        _0003_use_c=text.format(s="Accepted", k='supersedes: ["0002"]\n', t="Use C"),
    )
    old, young = replaced(project)
    assert old.startswith(
        '---\nstatus: Superseded by [ADR-0004](0004-use-e.md)\nsuperseded_by: ["0004"]\nparts:\n'
    )
    assert young.startswith('---\nstatus: Accepted\nsupersedes: ["0001"]\n')
    one = project.json("decision", "show", "4")["id"]
    project.run("decision", "supersede", "3", "--by", one)
    assert 'supersedes: ["0001", "0003"]\n' in project.read("adr/0004-use-e.md")
    assert project.json("doctor")["problems"] == []
