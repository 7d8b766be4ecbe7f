"""papertui's own themes, one dark and one light, beside those of Textual."""

from collections.abc import Mapping
from io import StringIO

from rich.console import Console
from textual.constants import COLOR_SYSTEM
from textual.theme import BUILTIN_THEMES, Theme

DARK, LIGHT = "papertui-dark", "papertui-light"
# Textual's theme of the terminal's own colours.
SIXTEEN_COLOURS = "ansi-dark"

# The text styles of papertui.tcss take their colours from Textual's names for them, so that every
# theme of Textual's fits; these two give each name a colour that can be read on all backgrounds.
OWN_THEMES: Mapping[str, Theme] = {
    DARK: Theme(
        name=DARK,
        primary="#8ab4e8",
        secondary="#7f9cc0",
        accent="#d9b27c",
        warning="#e6c36a",
        error="#f0918f",
        success="#86c795",
        foreground="#d9dde5",
        background="#14161a",
        surface="#191c21",
        panel="#252a32",
        boost="#1d2127",
        variables={
            "primary-background": "#262b33",
            "text": "#d9dde5",
            "text-muted": "#9aa2b0",
            "text-disabled": "#8a92a0",
            "text-primary": "#9cc3f2",
            "text-accent": "#d9b27c",
            "text-success": "#86c795",
            "text-warning": "#e6c36a",
            "text-error": "#f0918f",
            "success-darken-3": "#5a8f69",
            "success-darken-1": "#6cac7c",
            "success-lighten-2": "#b7e8c2",
            "block-cursor-background": "#34567e",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#2d323b",
            "block-cursor-blurred-foreground": "#d9dde5",
            "border": "#7f9cc0",
            "border-blurred": "#444c58",
            "scrollbar": "#363d48",
            "scrollbar-hover": "#465060",
            "scrollbar-active": "#5a6678",
            "scrollbar-background": "#14161a",
            "scrollbar-background-hover": "#14161a",
            "scrollbar-background-active": "#14161a",
            "input-selection-background": "#34567e",
        },
    ),
    LIGHT: Theme(
        name=LIGHT,
        dark=False,
        primary="#1d5a9c",
        secondary="#476a94",
        accent="#8a5200",
        warning="#7d5b00",
        error="#b3261e",
        success="#246a2e",
        foreground="#22272f",
        background="#fbf9f5",
        surface="#f5f2ec",
        panel="#e9e7e3",
        boost="#f2f1ee",
        variables={
            "primary-background": "#dfe7f1",
            "text": "#22272f",
            "text-muted": "#575f6b",
            "text-disabled": "#676d77",
            "text-primary": "#174e8a",
            "text-accent": "#7d4a00",
            "text-success": "#20612f",
            "text-warning": "#745300",
            "text-error": "#b3261e",
            "success-darken-3": "#2f7d2f",
            "success-darken-1": "#2e702e",
            "success-lighten-2": "#114d22",
            "block-cursor-background": "#1d5a9c",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#edebe8",
            "block-cursor-blurred-foreground": "#22272f",
            "border": "#476a94",
            "border-blurred": "#c6c0b3",
            "scrollbar": "#cfccc6",
            "scrollbar-hover": "#bdb6a7",
            "scrollbar-active": "#a39b8a",
            "scrollbar-background": "#fbf9f5",
            "scrollbar-background-hover": "#fbf9f5",
            "scrollbar-background-active": "#fbf9f5",
            "input-selection-background": "#bcd3ee",
        },
    ),
}


def chosen_theme(configured: str | None, remembered: str | None) -> str:
    """Return the theme to start with: the config's, else the one chosen last, else the dark one.

    In a terminal of 16 colours, among which those of the dark one would be grey, it is the
    terminal's own colours.
    """
    name = configured or remembered or ""
    if name in OWN_THEMES or name in BUILTIN_THEMES:
        return name
    terminal = Console(file=StringIO(), force_terminal=True, color_system=COLOR_SYSTEM)  # type: ignore[arg-type]
    return SIXTEEN_COLOURS if terminal.color_system == "standard" else DARK


def theme_fault(name: str | None) -> str:
    """Return what is wrong with the theme that the config names, "" for nothing."""
    if not name or name in OWN_THEMES or name in BUILTIN_THEMES:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(name, [*OWN_THEMES, *BUILTIN_THEMES], 1)
    names = f"did you mean {near[0]}?" if near else f"there are {DARK}, {LIGHT} and the palette's"
    return f"no theme is called {name!r}: {names}"
