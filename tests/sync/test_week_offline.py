"""A week on two devices that do not meet, by the commands that a reader types."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from papertui.cli.main import papertui as command
from papertui.core import journal
from papertui.core.journal import DEPTHS
from tests.conftest import TODAY
from tests.support.devices import Device

DeviceMaker = Callable[[str], Device]
HE, ADAM = "he2015deep", "kingma2014adam"
NOTE = "How deep?\n\nShortcuts.\n\nOpen questions."


def run(device: Device, *arguments: str) -> str:
    """Run papertui on a device and return what it printed."""
    result = CliRunner().invoke(command, ["--db", str(device.store.path), *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def export(device: Device) -> dict[str, Any]:
    """Return the export of a device but for the moment it was made at."""
    data: dict[str, Any] = json.loads(run(device, "export", "--format", "json"))
    del data["exported"]
    return data


def edit(device: Device, old: str, new: str) -> None:
    """Change the only note on a work, as the editor saves it."""
    (note,) = device.store.reading_log.work(HE).notes
    body = note.body.replace(old, new)
    device.store.record(journal.save_note(HE, note.id, body, (note.version,)))


def read_for_a_week(device: Device, list_file: Path, title: str, work: str) -> None:
    lines = (f"- {title} {number} (2024)" for number in range(3))
    list_file.write_text("\n".join((f"# {title}", "", *lines, "")), encoding="utf-8")
    run(device, "import", str(list_file))
    for depth in DEPTHS:
        device.store.record(journal.log_pass(work, depth, TODAY))


def test_two_devices_are_equal_after_a_week_offline_and_one_sync_each_way(
    remote: Path, device: DeviceMaker, tmp_path: Path
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.save_note(HE, "note", NOTE))
    for each in (laptop, desktop):
        run(each, "sync", "init", str(remote))
    read_for_a_week(laptop, tmp_path / "maps.md", "Folding maps", HE)
    read_for_a_week(desktop, tmp_path / "tides.md", "Reading tides", ADAM)
    edit(laptop, "How deep?", "152 layers deep.")
    edit(desktop, "Open questions.", "Why do they help?")
    for each in (laptop, desktop, laptop):
        run(each, "sync")
    assert export(laptop) == export(desktop)
    for store in (laptop.store, desktop.store):
        (note,) = store.reading_log.work(HE).notes
        assert note.body == "152 layers deep.\n\nShortcuts.\n\nWhy do they help?"
        assert {len(store.reading_log.work(work).readings) for work in (HE, ADAM)} == {3}
        titles = {title for _, title in store.tree.lists()}
        assert {"Folding maps", "Reading tides"} <= titles
