"""How screens look: the contrast of their colours, and what is there without colours."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.color import Color
from textual.screen import Screen
from textual.strip import Strip

from papertui.config import Config
from papertui.pages.layout import LINK
from papertui.storage.store import Store
from papertui.system.output import shows_colours
from papertui.tui.app import PaperTui
from papertui.tui.compositor import LineCompositor
from papertui.tui.themes import DARK, LIGHT, OWN_THEMES, SIXTEEN_COLOURS, chosen_theme, theme_fault
from papertui.tui.widgets.page import PagePane
from papertui.tui.widgets.tree import LibraryTree
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    press,
    screen_text,
    type_in,
    wait_for,
    wait_until,
)
from tests.support.tour import SCREENS, read_a_little, tour_app, walk

MIN_CONTRAST = 4.5  # of text, as WCAG 2 asks for
MIN_CONTRAST_OF_SIGNS = 3.0
# Frames, bars and scrollbars.
LINES = {*" -_|#=", *map(chr, range(0x2500, 0x25A0))}
both_themes = pytest.mark.parametrize("theme", [DARK, LIGHT])


def painted(app: App[int]) -> Iterator[tuple[str, Color, Color]]:
    """Yield the texts on the screen, each with its colour and that of its background."""
    for strip in app.screen._compositor.render_strips():
        for text, style, control in strip:
            if text.strip() and not control and style and style.color and style.bgcolor:
                colors = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                yield text, *(colors if not style.reverse else colors[::-1])


def compare_updates(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list for the lines that an update of the screen paints otherwise than a full one."""
    wrong: list[str] = []

    def update(
        compositor: LineCompositor,
        full: bool = False,
        screen_stack: list[Screen[object]] | None = None,
        **_: bool,
    ) -> object:
        visible_screen_stack.set(screen_stack or [])
        if full or (changes := compositor.render_partial_update()) is None:
            return None
        chops = Compositor._render_chops(compositor, compositor.size.region, lambda y: True)
        whole = [Strip.join(line.values()) for line in chops]
        for y, x1, x2 in changes.spans:
            for (x, strip), end in zip(changes.chops[y].items(), changes.chop_ends[y], strict=True):
                wanted = whole[y].crop(x, end).simplify()
                if x < x2 and end > x1 and (strip is None or strip.simplify() != wanted):
                    wrong.append(f"{y}: {strip and strip.text!r} instead of {wanted.text!r}")
        return None

    monkeypatch.setattr(LineCompositor, "render_update", update)
    return wrong


@both_themes
async def test_every_text_can_be_read_on_its_background_and_in_ascii_no_sign_is_left(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    wrong = compare_updates(monkeypatch) if theme == DARK else []
    read_a_little(store)
    app, faint, kinds = tour_app(store, theme=theme, ascii=theme == LIGHT), set(), set()
    signs: dict[str, str] = {}
    async with app.run_test(size=WIDE) as pilot:
        async for kind, screen in walk(pilot, tmp_path):
            kinds.add(kind)
            signs |= {sign: kind for sign in screen if not (sign.isascii() or sign.isalpha())}
            for text, color, background in painted(app):
                least = MIN_CONTRAST if any(map(str.isalnum, text)) else MIN_CONTRAST_OF_SIGNS
                few = map(_in_256, (color, background))
                lowest = min(_contrast(color, background), _contrast(*few))
                is_faint = not LINES.issuperset(text) and lowest < least
                if is_faint or (_in_sixteen(color) == _in_sixteen(background) and text.isalnum()):
                    faint.add((kind, text.strip(), color.hex, background.hex))
    assert not wrong, "\n".join(wrong[:9])
    assert not faint, "\n".join(map(str, sorted(faint)))
    assert kinds == SCREENS
    if theme == LIGHT:
        # The list's own mark, which is its text.
        assert signs.keys() <= {"✨"}, signs


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("NO_COLOR", "", True), ("NO_COLOR", "1", False), ("TERM", "vt220", False)],
)
def test_colours_are_shown_if_they_are_wanted_and_there(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert shows_colours() == shown


async def test_an_empty_wish_for_no_colours_is_none(
    make: Callable[[], PaperTui], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot)
        assert any(color != background for _, color, background in painted(app))


@pytest.mark.parametrize(
    ("terminal", "colours", "theme"),
    [("xterm-256color", "", DARK), ("xterm", "truecolor", DARK), ("linux", "", SIXTEEN_COLOURS)],
)
def test_a_terminal_of_few_colours_has_its_own(
    monkeypatch: pytest.MonkeyPatch, terminal: str, colours: str, theme: str
) -> None:
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("COLORTERM", colours)
    assert chosen_theme(None, None) == theme
    assert chosen_theme(None, LIGHT) == chosen_theme(LIGHT, DARK) == LIGHT


async def test_in_sixteen_colours_the_cursor_has_one_of_its_own(
    make: Callable[[], PaperTui],
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "down", "down")
        for theme in (DARK, LIGHT, SIXTEEN_COLOURS, "ansi-light"):
            app.theme = theme
            await press(pilot)
            tree = app.screen.query_one(LibraryTree)
            ground = _ground_in_sixteen(tree.rich_style)
            for name in ("outline--cursor", "outline--cursor-away"):
                style = tree.get_component_rich_style(name)
                assert _ground_in_sixteen(style) != ground or style.underline, (theme, name)


async def test_a_theme_that_is_chosen_is_there_after_a_restart(
    make: Callable[[], PaperTui],
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot)
        assert app.theme == DARK
        await press(pilot, "ctrl+p")
        await type_in(pilot, "change the theme")
        await wait_until(lambda: screen_text(app).count("hange the theme") > 1)
        assert "Find a command" not in screen_text(app)
        await press(pilot, "down", "enter")
        assert f"{DARK} · in use" in await wait_for(pilot, "in use")
        await type_in(pilot, LIGHT)
        await press(pilot, "enter")
        await wait_until(lambda: app.theme == LIGHT)
        await press(pilot)
    again = make()
    async with again.run_test(size=SMALL) as pilot:
        await press(pilot)
        assert again.theme == LIGHT
        assert again.theme_variables["background"].lower() == "#fbf9f5"


async def test_the_theme_of_the_config_leads_and_says_so(store: Store) -> None:
    store.set_setting("theme", "nord")
    app = PaperTui(store, Config(theme=LIGHT))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot)
        assert app.theme == LIGHT
        app.theme = "gruvbox"
        await wait_for(pilot, "gruvbox until you leave: the config file says another")
        assert store.setting("theme") == "gruvbox"


def test_a_theme_that_is_gone_is_not_the_end(store: Store) -> None:
    store.set_setting("theme", "no longer there")
    assert PaperTui(store, Config()).theme == DARK


def test_an_unknown_theme_is_named_with_those_that_there_are() -> None:
    assert not any(map(theme_fault, (None, LIGHT, "nord")))
    says = theme_fault("beige")
    assert "no theme is called 'beige': there are papertui-dark" in says
    assert "did you mean nord?" in theme_fault("nrd")


async def test_prose_is_no_wider_than_eighty_columns_and_keeps_off_the_scrollbar(
    make: Callable[[], PaperTui],
) -> None:
    async with make().run_test(size=(240, 70)) as pilot:
        await find(pilot, "attention is all")
        pane = pilot.app.screen.query_one("#detail", PagePane)
        lines = [line.text for line in pane._lines]
        assert max(map(len, lines)) <= 80
        await pilot.resize_terminal(100, 30)
        await press(pilot)
        assert max(len(line.text) for line in pane._lines) < pane.scrollable_content_region.width


async def test_a_link_is_underlined_only_where_its_words_are(make: Callable[[], PaperTui]) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "e")
        page = pilot.app.screen.query_one("#page", PagePane)
        links = [span.text for line in page._lines for span in line.spans if span.style == LINK]
        assert "cs.LG" in links
        assert [text for text in links if text != text.strip()] == []


@both_themes
def test_a_quiet_ground_is_grey_in_256_colours(theme: str) -> None:
    chosen = OWN_THEMES[theme]
    grounds = (chosen.background, chosen.surface, chosen.panel, chosen.boost)
    others = ("block-cursor-blurred-background", "border-blurred", "scrollbar")
    for ground in (*grounds, *map(chosen.variables.get, others)):
        assert ground
        shown = _in_256(Color.parse(ground))
        assert len({*shown.rgb}) == 1, (ground, shown.hex)


def _in_256(color: Color) -> Color:
    """Return the colour that a terminal with 256 colours shows."""
    return Color.from_rich_color(color.rich_color.downgrade(ColorSystem.EIGHT_BIT))


def _in_sixteen(color: Color) -> RichColor:
    """Return the colour that a terminal with sixteen colours shows."""
    return color.rich_color.downgrade(ColorSystem.STANDARD)


def _ground_in_sixteen(style: Style) -> RichColor:
    """Return the background of a style that a terminal with sixteen colours shows."""
    assert style.bgcolor
    return style.bgcolor.downgrade(ColorSystem.STANDARD)


def _contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
