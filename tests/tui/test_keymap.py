import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import papertui
from papertui import tui
from papertui.config import Config
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.keymap import all_commands, faults_of_keys, usable_keys
from papertui.tui.launch import faults_text
from papertui.tui.screens.help import keys_here
from tests.support.screen import WIDE, look, press, wait_for


def test_every_command_has_a_name_of_its_own() -> None:
    names = [binding.id for binding, _ in all_commands()]
    assert len(names) == len(set(names))


def test_the_keys_papertui_comes_with_do_not_clash() -> None:
    assert not faults_of_keys({"find": "slash"})
    for binding, _ in all_commands():
        assert not faults_of_keys({str(binding.id): binding.key})


@pytest.mark.parametrize(
    ("keymap", "says"),
    [
        ({"fly": "f"}, "no command is called 'fly'"),
        ({"tree.donw": "x"}, "did you mean tree.down?"),
        ({"find": "p"}, "'p' is the key of both"),
        ({"find": "%%"}, "'%%' is not a key"),
        ({"undo": "j"}, "'j' is the key of both"),
        ({"undo": "nonsense"}, "'nonsense' is not a key"),
        ({"quit-now": "ctrl+s"}, "'ctrl\\+s' is the key of both"),
        ({"note.save": "ctrl+q"}, "'ctrl\\+q' is the key of both"),
        ({"progress.back": "j"}, "'j' is the key of both"),
        ({"share": "/"}, "'slash' is the key of both"),
        ({"note.save": "s"}, "'s' writes in a text, where note.save works"),
        ({"quit-now": "ctrl+g,!"}, "'!' writes in a text, where quit-now works"),
        ({"session.pause": "Enter"}, "'enter' writes in a text"),
        ({"note.top": "space"}, "'space' writes in a text"),
        ({"found.down": "j"}, "'j' writes in a text"),
    ],
)
def test_keys_that_cannot_work_are_named_and_the_others_hold(
    keymap: dict[str, str], says: str
) -> None:
    usable, (fault,) = usable_keys({**keymap, "recall": "f9"}, "[keys]\n")
    assert re.search(says, fault.says)
    assert fault.name == f"keys.{next(iter(keymap))}"
    assert usable == {"recall": "f9"}


def test_the_key_that_opens_a_screen_closes_it_wherever_it_is_free() -> None:
    usable, faults = usable_keys({"show-progress": "f5,ctrl+g", "progress.rest": "p"})
    # What the reader has set otherwise, or another command there, keeps its key.
    assert (usable.get("progress.back"), faults) == ("escape,f5,ctrl+g", [])
    for keymap in (
        {"show-progress": "f5", "progress.back": "b"},
        {"show-progress": "f5", "progress.rest": "f5"},
        {"show-progress": "t"},
    ):
        assert usable_keys(keymap) == (keymap, [])
    usable, (fault,) = usable_keys({"show-group": "v"})
    assert (usable, fault.name) == ({}, "keys.show-group")


def test_help_and_the_way_back_keep_the_key_that_works_in_a_text_field() -> None:
    for own, usable in (("!", "!,f1"), ("!,)", "!,),f1"), ("f12", "f12"), ("f1", "f1")):
        assert usable_keys({"help": own}) == ({"help": usable}, [])
    assert usable_keys({"back": "Q"}) == ({"back": "Q,escape"}, [])
    taken = {"help": "!", "quit-now": "f1"}
    assert usable_keys(taken) == (taken, [])


async def test_every_screen_is_closed_by_the_key_that_opens_it(store: Store) -> None:
    own = {"show-progress": "f5", "show-keep-up": "f6", "show-group": "f7", "filter": "f8,ctrl+g"}
    for config in (Config(), Config(keys=usable_keys(own)[0])):
        async with PaperTui(store, config).run_test(size=WIDE) as pilot:
            library = pilot.app.screen
            for name, key in {
                **dict(zip(own, "peBf", strict=True)),
                "help": "question_mark",
            }.items():
                for pressed in config.keys.get(name, key).split(","):
                    await press(pilot, pressed)
                    assert pilot.app.screen is not library, pressed
                    await press(pilot, pressed)
                    assert pilot.app.screen is library, pressed


def test_a_fault_is_named_with_its_line() -> None:
    source = '[keys]\ntree.down = "f7"\nfind = "p"\n'
    keys = {"tree.down": "f7", "find": "p"}
    usable, (fault,) = usable_keys(keys, source)
    assert str(fault).startswith("line 3: keys.find: 'p' is the key of both")
    assert usable == {"tree.down": "f7"}


async def test_the_app_starts_with_the_default_of_a_key_with_a_fault(store: Store) -> None:
    keys, faults = usable_keys({"find": "v", "show-progress": "f5"})
    app = PaperTui(store, Config(keys=keys))
    async with app.run_test(size=WIDE) as pilot:
        app.show_message(*faults_text(faults))
        screen = await wait_for(pilot, "goes on without it")
        assert "keys.find: 'v' is the key of both" in screen
        assert "full reads this week" in await look(pilot, "f5")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("F12", "f12"), ("Enter", "enter"), ("ctrl+X", "ctrl+x"), ("Ctrl+PageUp", "ctrl+pageup"),
        ("o, Ctrl+G", "o,ctrl+g"), ("Q", "Q"), ("+", "+"), ("alt+X", "alt+X"),
    ],
)  # fmt: skip
def test_the_names_of_keys_are_taken_in_any_case(written: str, key: str) -> None:
    assert usable_keys({"sort": written})[0] in ({"sort": key}, {})
    assert not any("not a key" in fault.says for fault in usable_keys({"sort": written})[1])


@pytest.mark.parametrize(
    ("key", "sent"), [("ctrl+i", "tab"), ("Ctrl+M", "enter"), ("f12,ctrl+[", "escape")]
)
def test_a_key_that_terminals_send_as_another_is_none(key: str, sent: str) -> None:
    usable, (fault,) = usable_keys({"sort": key})
    assert usable == {}
    assert f"as {sent}: choose another" in fault.says


async def test_another_key_changes_no_place_in_footer_and_help(store: Store) -> None:
    config = Config(keys={"log-first": "f12", "tree.up": "f11", "page.next": "f10", "find": "f9"})
    found = []
    for app in (PaperTui(store, Config()), PaperTui(store, config)):
        async with app.run_test(size=WIDE) as pilot:
            footer = (await look(pilot, "full_stop")).split("\n")[-1]
            if app.config is config:
                assert "f12 2 3 log a pass" in footer
                assert "1 time, the next key that moves; a first pass is logged with f12" in (
                    await look(pilot, "1")
                )
            else:
                assert "1 2 3 log a pass" in footer
            labels = re.sub(r"\bf\d+|[^a-z ]|\s", " ", footer)
            found.append((labels.split(), [entry.does for entry in keys_here(app)]))
    assert found[0][1] == found[1][1]
    # Longer signs may leave no room for the last ones.
    assert all(a == b for a, b in zip(*(labels[:12] for labels, _ in found), strict=True))


async def test_a_reader_may_choose_other_keys(store: Store) -> None:
    app = PaperTui(store, Config(keys={"show-progress": "f5"}))
    async with app.run_test() as pilot:
        assert "Latest entries" not in await look(pilot, "p")
        assert "full reads this week" in await look(pilot, "f5")


def test_every_class_with_commands_is_entered_with_its_place() -> None:
    folder = Path(tui.__file__).parent
    modules = [path.relative_to(folder).with_suffix("").parts for path in folder.rglob("*.py")]
    declared = {
        binding.id
        for parts in modules
        for owner in vars(import_module(".".join(("papertui.tui", *parts)))).values()
        if isinstance(owner, type) and issubclass(owner, DOMNode)
        for binding in vars(owner).get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id and not binding.id.startswith("rescue.")
    }
    assert declared == {binding.id for binding, _ in all_commands()}


# A key by a name of its own, and what it does.
FIXED = re.compile(
    r"(?:^|[\s(·])(?:[B-Zb-z./+\[\]]|a(?= queues)|ctrl\+\w|f\d\d?|enter|escape|backspace|delete)"
    r" (?!is |was )(?:\w+s|first|again|and)\b"
)
# Keys of text fields, of a question's choices and of the filter, which no command has.
FIXED_KEYS = (
    "ctrl+z takes it back",
    "then l shows",
    "c clears",
    "m and a letter",
    "enter makes",
    "enter does it",
)


def test_no_text_of_the_app_names_a_key_that_the_reader_may_have_set_otherwise() -> None:
    named = []
    for place in ("tui", "pages"):
        for module in (Path(papertui.__file__).parent / place).rglob("*.py"):
            tree = ast.parse(module.read_text(encoding="utf-8"))
            docstrings = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(
                    node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
                )
                if node.body and isinstance(node.body[0], ast.Expr)
            }
            named += [
                f"{module.name}: {node.value}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                if id(node) not in docstrings and FIXED.search(node.value)
                if not any(fixed in node.value for fixed in FIXED_KEYS)
            ]
    assert named == [], "\n".join(named)
