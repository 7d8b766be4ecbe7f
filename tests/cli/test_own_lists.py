"""Own lists in the shell: move, remove, section."""

import json

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.errors import Refused


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, list(arguments))


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, Refused), result.output
    return str(result.exception)


@pytest.fixture(autouse=True)
def own_list(indexed: None) -> None:
    assert run("add", "My own work", "--offline").exit_code == 0
    assert run("section", "add", "Reading group").exit_code == 0
    assert run("section", "add", "Reading group/Optimizers").exit_code == 0


def sections(words: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for node in json.loads(run("list", words, "--json").stdout):
        if "work" in node:
            found[section].append(node["title"])
        else:
            section = node["title"]
            found[section] = []
    return found


def test_a_work_is_moved_copied_and_removed() -> None:
    assert "Moved to Optimizers: My own work." in run("move", "my own", "optimizers").stderr
    copied = run("move", "kingma2014adam", "Reading group").stderr
    assert "Copied to Reading group: Adam" in copied
    adam = "Adam: A Method for Stochastic Optimization"
    assert sections("reading group") == {"Reading group": [adam], "Optimizers": ["My own work"]}
    moved = run("move", "kingma2014adam", "reading group/optimizers").stderr
    assert "Moved to Optimizers" in moved
    # A section has one name, whichever command it is for.
    both = {"Reading group": [], "Optimizers": ["My own work", adam]}
    assert sections("reading group") == sections("group/optimizers") == both
    assert "; it is still in Foundations" in run("remove", "kingma2014adam").stderr
    assert "Undone: removal of Adam" in run("undo").stderr
    assert sections("reading group")["Optimizers"] == ["My own work", adam]


def test_a_list_called_just_so_is_meant_rather_than_all_that_have_its_words() -> None:
    run("section", "add", "Learning")
    assert sections("learning") == {"Learning": []}
    assert len(sections("learnin")) > 1


@pytest.mark.parametrize("called", ["Learning", "学习"])
def test_list_and_move_take_a_name_for_the_same_section(called: str) -> None:
    for made in (called, f"Reading group/{called}", f"More {called}"):
        run("section", "add", made)
    for words, title in {
        called: called,
        f"group/{called}": called,
        f"more {called[:1]}": f"More {called}",
        f"group/{called[:-1]}": called,
    }.items():
        assert f"ed to {title}: My own work" in run("move", "my own", words).output
        shown = sections(words)
        assert shown[title] == ["My own work"]
        assert shown.keys() <= {title, "Reading group"}


def test_a_part_of_a_name_begins_a_word_of_it_unless_the_script_has_none() -> None:
    run("section", "add", "深度学习")
    assert [*sections("学习")] == ["深度学习"]
    assert "No list or section has 'eading'" in refused("list", "eading")
    assert "is called 'eading'" in refused("move", "my own", "eading")


def test_what_was_read_is_kept_when_its_work_is_removed() -> None:
    run("log", "my own", "--pass", "2")
    assert "so it is in Unlisted" in run("remove", "my own").stderr
    assert "1 pass, comes back with it" in run("remove", "my own").stderr
    assert "No work fits" in refused("show", "my own")
    assert "My own work" in run("stats").stdout
    run("undo")
    assert "second pass" in run("show", "my own").stdout


def test_lists_and_sections_are_renamed_and_removed() -> None:
    assert "Reading group is now Club." in run("section", "rename", "Reading group", "Club").stderr
    assert "Nothing has changed" in run("section", "rename", "club", "Club").stderr
    run("move", "my own", "club/optimizers")
    assert "Removed Club with 1 work." in run("section", "remove", "club").stderr
    assert "your lists: none yet" in refused("section", "remove", "club")
    assert sections("unlisted") == {"Unlisted": ["My own work"]}
    run("undo")
    assert sections("club") == {"Club": [], "Optimizers": ["My own work"]}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("move", "my own", "no such list"), "No list or section of yours is called"),
        (("move", "my own", "r"), "Several sections fit 'r'"),
        (("remove", "he2015deep"), "is in no list of yours"),
        (("section", "add", "reading GROUP"), "there already"),
        (("section", "add", "Foundations/More"), "The lists of papertui stay as they are"),
        (("section", "add", " "), "at least one letter"),
        (("section", "rename", "optimizers", ""), "at least one letter"),
    ],
)
def test_a_refusal_is_clear(arguments: tuple[str, ...], reason: str) -> None:
    assert reason in refused(*arguments)


def test_a_work_in_several_sections_asks_which() -> None:
    for section in ("Reading group", "optimizers"):
        run("move", "kingma2014adam", section, "--copy")
    assert "It is in several sections" in refused("remove", "kingma2014adam")
    assert "Removed: Adam" in run("remove", "kingma2014adam", "optimizers").stderr
    assert sections("reading group")["Optimizers"] == []
    assert "is not in that section" in refused("remove", "kingma2014adam", "optimizers")
