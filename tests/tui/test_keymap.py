import ast
import re
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding
from textual.dom import DOMNode
from textual.events import Key

import papertui
from papertui import tui
from papertui.config import Config
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.key_names import full_name, spelt, why_no_key
from papertui.tui.key_parser import KeyParser
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
        ({"note.save": "s"}, "'s' belongs to the text, where note.save works"),
        ({"quit-now": "ctrl+g,!"}, "'!' belongs to the text, where quit-now works"),
        ({"session.pause": "Enter"}, "'enter' belongs to the text"),
        ({"note.top": "space"}, "'space' belongs to the text"),
        ({"found.down": "j"}, "'j' belongs to the text"),
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
        ("o, Ctrl+G", "o,ctrl+g"), ("Q", "Q"), ("+", "+"), ("alt+X", "alt+shift+x"),
        ("shift+a", "A"), ("Ctrl+Space", "ctrl+space"), ("ctrl+@", "ctrl+space"),
        ("ctrl+/", "ctrl+underscore"), ("ctrl+_", "ctrl+underscore"),
        ("ctrl+]", "ctrl+right_square_bracket"), ("ctrl+^", "ctrl+circumflex_accent"),
        ("shift+ctrl+left", "ctrl+shift+left"), ("PgUp", "pageup"),
    ],
)  # fmt: skip
def test_the_names_of_keys_are_taken_in_any_case(written: str, key: str) -> None:
    assert usable_keys({"sort": written})[0] in ({"sort": key}, {})
    assert not any("not a key" in fault.says for fault in usable_keys({"sort": written})[1])


# What most terminals send for keys, and what those send that name every key by its number:
# an arrow or a function key by its code, a sign as it is.
CODES = {
    **dict(zip(("up", "down", "right", "left", "end", "home"), "ABCDFH", strict=True)),
    **dict(zip(("f1", "f2", "f4"), "PQS", strict=True)),
    **dict(zip(("insert", "delete", "pageup", "pagedown"), (2, 3, 5, 6), strict=True)),
    **{f"f{n}": n + 10 + (n > 5) + (n > 10) for n in range(5, 13)},
}
CONTROLS = {"tab": "\t", "enter": "\r", "escape": "\x1b", "backspace": "\x7f", "space": " "}
SHIFTED = {"_": "-", "^": "6", "@": "2"}
BITS = {"shift": 1, "alt": 2, "ctrl": 4}
TERMINAL_SIGNS = [*map(chr, range(33, 127)), *"äÄßé§…€界"]
EVERY_KEY = [
    f"{'+'.join(held)}{'+' * bool(held)}{name}"
    for count in range(4)
    for held in combinations(BITS, count)
    for name in (*CODES, *CONTROLS, *TERMINAL_SIGNS, "f3", "f13", "f20", "caps_lock", "<any>")
]


KEY_PARTS = (
    *BITS,
    "Ctrl",
    "super",
    "",
    " ",
    "a",
    "A",
    "5",
    "/",
    "ß",
    "f3",
    "Left",
    "plus",
    "return",
)


def sent_by_most(key: str) -> str | None:
    """Return what most terminals send for a key as readers write it, None if they differ."""
    held, _, name = key.rpartition("+") if not key.endswith("+") else (key[:-1], "", "+")
    bits = sum(bit for modifier, bit in BITS.items() if modifier in held)
    if code := CODES.get(name):
        if isinstance(code, int):
            return f"\x1b[{code};{bits + 1}~" if bits else f"\x1b[{code}~"
        return f"\x1b[1;{bits + 1}{code}" if bits else f"\x1bO{code}"
    if key in ("f3", "shift+tab"):
        return "\x1bOR" if key == "f3" else "\x1b[Z"
    sign = CONTROLS.get(name, name)
    if {*held.split("+")} == {"ctrl", "shift"} and sign in SHIFTED.values():
        sign = next(shifted for shifted in SHIFTED if SHIFTED[shifted] == sign)
    elif "shift" in held and sign.isalpha():
        sign = sign.upper()
    elif "shift" in held or len(sign) > 1:
        return None
    if "ctrl" in held:
        as_ctrl = {" ": "@", "/": "_"}.get(sign, sign).upper()
        sign = chr(ord(as_ctrl) & 0x1F) if "@" <= as_ctrl <= "_" else ""
    return f"\x1b{sign}" * bool(sign) if "alt" in held else sign or None


def sent_by_number(key: str) -> str | None:
    """Return what terminals send that name each key by its number, None if there is none."""
    held, _, name = key.rpartition("+") if not key.endswith("+") else (key[:-1], "", "+")
    bits = sum(bit for modifier, bit in BITS.items() if modifier in held)
    if name in CODES:
        return sent_by_most(key)
    if name == "f3":
        return f"\x1b[13;{bits + 1}~"
    sign = CONTROLS.get(name, name)
    if len(sign) > 1:
        return None
    text = sign.upper() if "shift" in held else sign
    if not {"alt", "ctrl"} & {*held.split("+")}:
        is_text = name not in CONTROLS or name == "space"
        says = f";{bits + 1};{ord(text)}" if is_text else f";{bits + 1}" * bool(bits)
        return f"\x1b[{ord(sign.lower())}{says}u"
    if sign in SHIFTED or (sign.isupper() and "ctrl" not in held):
        sign, bits = SHIFTED.get(sign, sign.lower()), bits | 1
    return f"\x1b[{ord(sign.lower())};{bits + 1}u"


def test_every_key_that_is_taken_is_what_a_terminal_sends_for_it() -> None:
    taken = [key for key in EVERY_KEY if not why_no_key(key)]
    assert len(taken) > 250
    for key in taken:
        name = full_name(spelt(key))
        for sent in (sent_by_most(key), sent_by_number(key)):
            assert sent is not None, key
            parser = KeyParser(own_keys=[spelt(key)])
            read = [*parser.feed(sent), *parser.end_sequence()]
            assert [event.key for event in read if isinstance(event, Key)] == [name], key
    assert all(spelt(spelt(key)) == spelt(key) for key in taken)


def test_a_key_that_is_refused_is_refused_in_one_line_that_names_a_way_out() -> None:
    refused = [says for key in EVERY_KEY if (says := why_no_key(key))]
    assert all("\n" not in says and len(says) < 90 for says in refused)
    assert all(re.search("choose|such as", says) for says in refused)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("ctrl+i", "as tab: choose another"),
        ("Ctrl+M", "as enter: choose another"),
        ("f12,ctrl+[", "as escape: choose another"),
        ("alt+b", "as ctrl+left: choose another"),
        ("alt+O", "as the beginning of other keys: choose another"),
        ("alt+!", "not all terminals send 'alt+!': choose one such as ctrl+g or f5"),
        ("ctrl+shift+a", "not all terminals send 'ctrl+shift+a'"),
        ("super+a", "not all terminals send 'super+a'"),
        ("ctrl+1", "not all terminals send 'ctrl+1'"),
        ("shift+1", "write 'shift+1' as the sign that it types, such as !"),
        ("f13", "not all terminals send 'f13'"),
        ("<any>", "'<any>' is not a key"),
        ("5", "'5' begins a number in the tree, such as 5 j: choose another"),
    ],
)
def test_a_key_that_cannot_be_typed_says_why(key: str, says: str) -> None:
    usable, (fault,) = usable_keys({"sort": key})
    assert usable == {}
    assert says in fault.says


def test_no_key_of_a_text_is_taken_from_it() -> None:
    for key in ("left", "ctrl+left", "ctrl+v", "ctrl+y", "ctrl+w", "ctrl+z", "shift+end", "del"):
        for name in ("note.save", "session.pause", "quit-now"):
            usable, (fault,) = usable_keys({name: key})
            assert usable == {}
            assert f"belongs to the text, where {name} works" in fault.says
    # The way back has one more key, as with a letter.
    assert usable_keys({"back": "ctrl+y"}) == ({"back": "ctrl+y,escape"}, [])


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
    keys, faults = usable_keys({"show-progress": "f5,alt+x,ctrl+],Ctrl+/,ctrl+@,shift+t"})
    assert not faults
    app = PaperTui(store, Config(keys=keys))
    async with app.run_test() as pilot:
        assert "Latest entries" not in await look(pilot, "p")
        parser = KeyParser(own_keys=app.own_keys)
        sent = [*parser.feed("\x1b[15~\x1bx\x1d\x1f\x00T")]
        assert len(sent) == 6
        # The key that opens the screen closes it.
        for key in sent:
            assert isinstance(key, Key)
            assert "full reads this week" in await look(pilot, key.key)
            assert "full reads this week" not in await look(pilot, key.key)


@given(st.text(max_size=12) | st.lists(st.sampled_from(KEY_PARTS)).map("+".join))
def test_whatever_is_written_for_a_key_is_a_key_or_is_refused(written: str) -> None:
    says = why_no_key(written)
    assert "\n" not in says
    if not says:
        assert why_no_key(spelt(written)) == ""
        assert spelt(spelt(written)) == spelt(written)


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
    "ctrl+y brings it back",
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
