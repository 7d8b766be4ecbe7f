"""The app: the commands that work on every screen, the screens they show, the way out."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen

from papertui.config import Config, config_path
from papertui.core import labels
from papertui.storage.acts import Act
from papertui.storage.database import Damaged, DatabaseError
from papertui.storage.store import Store
from papertui.tui.background_action import background_action
from papertui.tui.base import THEME, PaperApp, takes_text
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.screens.library_state import LibraryState

if TYPE_CHECKING:
    from textual.command import Provider

    from papertui.tui.background_sync import BackgroundSync
    from papertui.tui.palette import ElsewhereCommand

# Seconds between two looks for changes that other programs made.
POLL_INTERVAL = 1.0


def _commands_by_words() -> "type[Provider]":
    from papertui.tui.palette import CommandsByWords

    return CommandsByWords


class PaperTui(PaperApp):
    """papertui in the terminal; it owns the store and closes it."""

    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_commands_by_words}  # noqa: RUF012

    def __init__(
        self,
        store: Store,
        config: Config,
        driver: type[Driver] | None = None,
        ready: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(store, config, driver)
        self._shown = store.version(), self.today(), self.night_until()
        self._when_ready = ready
        self._catching_up = False

    @property
    def paper_screens(self) -> list[PaperScreen]:
        """The open screens with header and message line, the one in front last."""
        return [screen for screen in self.screen_stack if isinstance(screen, PaperScreen)]

    def get_default_screen(self) -> Screen[None]:
        """Start with the library."""
        return LibraryScreen(LibraryState(self.store, self.today))

    def on_mount(self) -> None:
        """Listen to signals, apply the reader's keys, watch other programs and the day."""
        self.set_keymap(dict(self.config.keys))
        # After ctrl+z and fg the terminal is empty, which Textual does not know.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.set_interval(POLL_INTERVAL, self._notice_changes)
        self.guard()
        if self.config.sync.every:
            self.set_interval(60 * self.config.sync.every, self._sync_by_itself)

    def on_ready(self) -> None:
        """Call `ready` once the first screen is painted, and sync if the config says so."""
        self.call_after_refresh(self._when_ready)
        if "start" in self.config.sync.on:
            self.call_after_refresh(self._sync_by_itself)

    def action_command_palette(self) -> None:
        """Show the commands that work here, to choose one by its words."""
        from papertui.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(placeholder="what to do", id="--command-palette"))

    @background_action
    async def action_choose_theme(self) -> None:
        """Ask which theme to show, the one in use first."""
        from papertui.tui.pick import Pick

        names = sorted(self.available_themes, key=lambda name: (name != self.theme, name))
        offered = {name: f"{name} · in use" if name == self.theme else name for name in names}
        picked, _ = await self.ask(Pick(("Theme", "", ""), offered)) or ("", "")
        if picked:
            self.theme = picked

    def watch_theme(self, theme: str) -> None:
        """Remember the theme that was chosen."""
        if self.is_running:
            self._remember_theme(theme)

    @background_action
    async def _remember_theme(self, theme: str) -> None:
        await self.retry_while_busy(lambda: self.store.set_setting(THEME, theme))
        until = " until you leave: the config file says another" if self.config.theme else ""
        self.show_message(f"Shown with {theme}{until}")

    @background_action
    async def action_undo(self) -> None:
        """Take the latest act back; ask first for a note, and for what the reader may not expect.

        That is an act of an earlier day, or one that changes nothing on the screen in front.
        """
        screen = self.paper_screens[-1]
        if await self.retry_while_busy(screen.undo_here):
            return
        act = await self.retry_while_busy(self.store.last_act)
        if self._is_another("undo", act, "the latest act", self.takes_back):
            return
        is_unseen = screen.shown_acts is not None and not act.kinds & screen.shown_acts
        acted_on, today = self.config.today(act.moment), self.today()
        if act.is_note or is_unseen or acted_on != today:
            day = labels.day_name(acted_on, today)
            before, title, after = act.parts_with_day
            when = "" if act.says_when else f" ({'logged ' * bool(act.for_day)}{day})"
            if not await self.confirm(f"Undo {before}", title, f"{after}{act.waits}{when}?"):
                return
        keys_shown = screen.keys_shown
        undone = await self.write(lambda store: store.undo(act), act.takes_long)
        has_moved = screen.go_to_brought_back(undone, keys_shown)
        before, title, after = undone.parts_with_day
        goes = " · the cursor is on it" if has_moved else ""
        self.show_message(f"Undone: {before}", title, f"{after}{goes}{self.brings_back}")

    @background_action
    async def action_redo(self) -> None:
        """Redo the act that was undone last."""
        if await self.retry_while_busy(self.paper_screens[-1].redo_here):
            return
        act = await self.retry_while_busy(self.store.next_redo)
        if self._is_another("redo", act, "what was undone last", self.brings_back):
            return
        await self.write(Store.redo, act.takes_long)
        before, title, after = act.parts_with_day
        self.show_message(f"Done again: {before}", title, f"{after}{self.takes_back}")

    def _is_another(self, command: str, act: Act, what: str, offer: str) -> bool:
        """Offer an act instead, and return True, if the message in view offered another one."""
        name, offered = self.offered or ("", "")
        is_another = name == command and offered != act.id
        if is_another:
            before, title, after = act.parts_with_day
            self.show_message(
                f"Another papertui acted meanwhile; {what} is now: {before}", title, after + offer
            )
        return is_another

    def action_suspend_process(self) -> None:
        """Go to the shell, if there is one into which fg can be typed."""
        if os.getsid(0) == os.getpgrp():
            self.show_message("There is no shell to go to: papertui was started without one")
        else:
            super().action_suspend_process()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave undo and redo to a text field that has the focus; recall may be off."""
        if action == "recall":
            return self.config.recall
        return not (self.is_typing and action in ("undo", "redo", "suspend_process"))

    def get_key_display(self, binding: Binding) -> str:
        """Return the sign of a command's key, in a text field that of the key that works there.

        What lies above the screen, such as the palette, changes nothing of it.
        """
        in_front = [screen for screen in self.screen_stack if not screen.is_modal]
        is_typing = any(takes_text(screen.focused) for screen in in_front[-1:])
        declared = binding if not is_typing else replace(binding, key_display=None)
        return self.spelt(super().get_key_display(declared))

    def _close_to_library(self) -> LibraryScreen:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        assert isinstance(self.screen, LibraryScreen)
        return self.screen

    def declare_commands(self) -> None:
        """Import the screens that were not opened yet."""
        from papertui.tui.keymap import all_commands

        list(all_commands())

    def go_to_work(self, citekey: str) -> None:
        """Close every screen but the library and go to a work there."""
        reopened_by = self.paper_screens[-1].reopened_by
        self._close_to_library().jump(citekey, reopened_by)

    def show_list(self, key: str) -> None:
        """Close every screen but the library and open a list there."""
        self._close_to_library().go_to_list(key)

    def action_add_work(self) -> None:
        """Close every screen but the library and add a work there."""
        self._close_to_library().action_add(False)

    def action_help(self) -> None:
        """Show the keys that work on this screen, or close them."""
        from papertui.tui.keymap import all_commands
        from papertui.tui.screens.help import HelpScreen, keys_elsewhere, keys_here

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            elsewhere = keys_elsewhere(self, all_commands(), self.config.keys)
            self.push_screen(
                HelpScreen(keys_here(self), elsewhere, self.glyphs, str(config_path()))
            )

    def action_import_list(self) -> None:
        """Show the screen that imports a list."""
        from papertui.tui.screens.import_list import ImportScreen

        self.push_screen(ImportScreen())

    def action_keep_up(self) -> None:
        """Show the screen for keeping up."""
        from papertui.tui.screens.keep_up import KeepUpScreen

        self.push_screen(KeepUpScreen())

    def action_new_papers(self) -> None:
        """Show the screen for the triage of new papers."""
        from papertui.tui.screens.new_papers import NewPapersScreen
        from papertui.tui.screens.triage_state import TriageState

        self.push_screen(NewPapersScreen(TriageState(self.store, self.config, self.today)))

    def action_progress(self) -> None:
        """Show the progress screen."""
        from papertui.tui.screens.progress import ProgressScreen

        self.push_screen(ProgressScreen())

    def action_recall(self) -> None:
        """Show the recall screen."""
        from papertui.tui.screens.recall import RecallScreen
        from papertui.tui.screens.recall_state import RecallState

        self.push_screen(RecallScreen(RecallState(self.store, self.config, self.today)))

    @cached_property
    def background_sync(self) -> "BackgroundSync":
        """The syncs of the app."""
        from papertui.tui.background_sync import BackgroundSync

        return BackgroundSync(self, self._notice_changes)

    @work
    async def action_sync(self) -> None:
        """Sync with the other devices."""
        await self.background_sync.sync(by_key=True)

    @work
    async def _sync_by_itself(self) -> None:
        await self.background_sync.sync(by_key=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return every command that works here or elsewhere, once, and the choice of a theme."""
        return (command for _, command in self.named_commands(screen))

    def named_commands(self, screen: Screen[object]) -> Iterable[tuple[str, SystemCommand]]:
        """Yield the commands of the palette with the names that the config file has for them."""
        from papertui.tui.screens.help import PLACES

        # The palette does not offer itself, nor recall where that is off.
        offered = {"palette", *(() if self.config.recall else ("recall", "card"))}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and active.enabled and active.tooltip and binding.id not in offered:
                offered.add(binding.id)
                title = f"{active.tooltip} · {self.get_key_display(binding)}"
                run = partial(self._run_command, binding.action, active.node)
                yield binding.id, SystemCommand(title, "", run)
        library = self.paper_screens[0]
        acted_on = library.acted_on if isinstance(library, LibraryScreen) else {}
        for binding, place, opened_by in self._commands_elsewhere:
            name = binding.id or ""
            if name not in offered:
                # What the library would act on is not in view.
                on = f", on {acted_on[name]}" if name in acted_on else ""
                title = f"{binding.tooltip} · {PLACES[place]}{on}: {self.key(name)}"
                run_there = partial(self._run_there, binding.action, opened_by)
                yield name, SystemCommand(title, "", run_there)
        theme = "Change the theme: colours of the screen"
        yield "palette", SystemCommand(theme, "", self.action_choose_theme)

    def _run_command(self, action: str, node: object) -> None:
        self.call_next(self.run_action, action, node)

    @cached_property
    def _commands_elsewhere(self) -> "Sequence[ElsewhereCommand]":
        from papertui.tui.palette import commands_elsewhere

        return [*commands_elsewhere()]

    @background_action
    async def _run_there(self, action: str, opened_by: str) -> None:
        """Save what is open, go to the screen of a command, and run it there."""
        for open_screen in self.paper_screens[1:]:
            await self.retry_while_busy(open_screen.prepare_to_quit)
        self._close_to_library()
        self.changed()
        if opened_by:
            await self.run_action(f"app.{opened_by}")
        there = self.screen
        there.call_after_refresh(self.run_action, action, there)

    def _notice_changes(self) -> None:
        """Show what another program has written, and the day that has begun, here or elsewhere."""
        try:
            version = self.store.version()
            if self.store.unsearched():
                self._catch_up()
        except DatabaseError:
            return
        state = version, self.today(), self.night_until()
        if state != self._shown:
            self._shown = state
            self.changed()

    @work
    async def _catch_up(self) -> None:
        """Make the works that came in searchable, for as long as papertui runs."""

        def step_by_step(store: Store) -> None:
            for _ in store.catch_up():
                if not self.is_running:
                    return

        if not self._catching_up:
            self._catching_up = True
            with suppress(DatabaseError):
                await self.in_thread(step_by_step)
            self._catching_up = False

    async def action_back(self) -> None:
        """Go back a screen; from the library, quit."""
        go_back = getattr(self.screen, "go_back", None)
        if go_back and go_back():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            await self.action_quit()

    def action_help_quit(self) -> None:
        """Say how to leave where all messages are, not in a window of its own."""
        self.show_message(self.offer("quit-now", "leaves papertui").removeprefix(" · "))

    async def action_quit(self) -> None:
        """Finish what is open and leave; stay if it could not be saved."""
        try:
            for screen in self.paper_screens:
                screen.prepare_to_quit()
        except Damaged as damage:
            self.leave_damaged(damage)
            return
        except DatabaseError as error:
            quits = self.key("quit-now")
            self.show_message(f"{error} The text is safe; press {quits} again soon.")
            return
        if "quit" in self.config.sync.on:
            self.last_words = self.background_sync.leave_behind()
        self.exit(0)

    def close(self) -> None:
        """Close the store."""
        self.store.close()
