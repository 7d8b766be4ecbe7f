"""The queue, and works set aside, in the shell."""

import pytest

from tests.support.shell import data, done, refused, run

pytestmark = pytest.mark.usefixtures("indexed")


def queued() -> list[str]:
    return [row["work"] for row in data("queue")]


def test_works_are_queued_in_the_order_they_are_named_and_the_first_is_next() -> None:
    assert "It holds 2 works." in done("queue", "kingma2014adam", "he2015deep")
    assert queued() == ["kingma2014adam", "he2015deep"]
    assert data("next")["work"] == "kingma2014adam"
    done("queue", "hu2021lora", "he2015deep", "--first")
    assert queued() == ["hu2021lora", "he2015deep", "kingma2014adam"]
    done("undo")
    assert queued() == ["kingma2014adam", "he2015deep"]


def test_the_queue_takes_a_work_once_and_gives_back_only_what_it_has() -> None:
    done("queue", "kingma2014adam", "kingma2014adam")
    assert "In the queue already: Adam" in refused("queue", "kingma2014adam")
    done("queue", "kingma2014adam", "he2015deep")
    assert queued() == ["kingma2014adam", "he2015deep"]
    done("queue", "kingma2014adam", "--out")
    assert "Not in the queue: Adam" in refused("queue", "kingma2014adam", "--out")
    assert queued() == ["he2015deep"]


def test_one_wrong_name_leaves_the_queue_as_it_was() -> None:
    odd = refused("queue", "kingma2014adam", "no such work")
    assert odd.startswith("No work fits 'no such work'")
    assert odd.endswith("The queue stays as it was.")
    assert "stays" not in refused("queue", "no such work")
    assert queued() == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["queue", "add", "lora"], "'add' names no work: papertui queue has no such command."),
        (["queue", "Show"], "'Show' names no work"),
        (["tag", "add", "lora", "nlp"], "'add' names no work: papertui tag has no such command."),
        (["star", "off"], "'off' names no work: the option is --off."),
        (["log", "add", "--pass", "1"], "papertui log has no such command"),
        (["drop", "add"], "papertui drop has no such command"),
    ],
)
def test_a_verb_or_an_option_without_its_dashes_acts_on_no_work(
    arguments: list[str], why: str
) -> None:
    result = run(*arguments)
    assert (result.exit_code, queued(), data("drop")) == (2, [], [])
    assert f"Usage: papertui {arguments[0]}" in result.stderr and why in result.stderr


def test_a_work_that_is_called_as_a_verb_is_named_by_its_whole_title() -> None:
    done("add", "Show", "--offline")
    assert "In the queue: Show." in done("queue", "show")


def test_an_empty_queue_says_so() -> None:
    result = run("queue")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "The queue is empty" in result.stderr
    assert data("queue") == []


def test_a_parked_work_waits_until_its_day() -> None:
    done("queue", "kingma2014adam", "he2015deep")
    assert "Parked: Adam" in done("park", "kingma2014adam", "--until", "2w")
    (parked,) = data("park")
    assert (parked["work"], parked["status"]) == ("kingma2014adam", "parked")
    assert parked["until"] > "2"
    assert "is parked already" in refused("park", "kingma2014adam", "--until", "14d")
    assert data("next")["work"] == "he2015deep"
    assert "parked until" in run("queue").stdout
    # A pass ends both, and says so.
    logged = done("log", "kingma2014adam", "--pass", "1")
    assert ", out of the queue, no longer parked" in logged
    done("undo")
    assert "Taken up again: Adam" in done("park", "kingma2014adam", "--off")
    assert data("park") == []
    assert "neither parked nor dropped" in refused("park", "kingma2014adam", "--off")


def test_a_dropped_work_keeps_its_reason() -> None:
    done("drop", "kingma2014adam", "--reason", "Not my field.")
    (dropped,) = data("drop")
    assert (dropped["work"], dropped["reason"]) == ("kingma2014adam", "Not my field.")
    assert "Not my field." in run("drop").stdout
    assert data("park") == []
    # To drop it again is no act, unless for another reason.
    for again in ((), ("--reason", "Not my field.")):
        assert "is dropped already" in refused("drop", "kingma2014adam", *again)
    done("drop", "kingma2014adam", "--reason", "Too old.")
    assert data("drop")[0]["reason"] == "Too old."
    done("undo")
    assert "; dropped, so up next passes over it." in done("queue", "kingma2014adam")
    done("undo")
    done("undo")
    assert data("drop") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["queue", "--first"],
        ["queue", "--out"],
        ["queue", "adam", "--first", "--out"],
        ["queue", "adam", "--json"],
        ["park", "--until", "2w"],
        ["park", "adam", "--until", "2w", "--off"],
        ["park", "adam", "--json"],
        ["drop", "--off"],
        ["drop", "adam", "--reason", "x", "--off"],
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_misuse(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2
    assert queued() == []


def test_a_day_that_has_been_is_no_day_to_park_until() -> None:
    assert "not in the future" in refused("park", "adam", "--until", "2001-01-01")
    assert data("park") == []
