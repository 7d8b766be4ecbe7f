"""A native peer: newsboat, with as many entries as papertui ships works."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.interactive import LEFT_HALF, Program

NEWSBOAT = "newsboat"
FEEDS, ENTRIES_PER_FEED = 9, 17
_SETTINGS = "auto-reload no\nrefresh-on-startup no\nconfirm-exit no\nbind-key ^Q hard-quit\n"
# As it asks the terminal to send them.
_DOWN, _UP = b"\x1bOB", b"\x1bOA"
# The terminal keeps ^Q for itself otherwise.
_START = 'stty -ixon; exec newsboat -q -C "$0/config" -u "$0/urls" -c "$0/cache.db"'


def newsboat(folder: Path, environment: Mapping[str, str]) -> Program | None:
    """Make feeds and a configuration of newsboat in a folder; None if it is not installed."""
    if (command := shutil.which(NEWSBOAT)) is None:
        return None
    home = folder / NEWSBOAT
    home.mkdir()
    feeds = [_write_feed(home / f"{number}.xml", number) for number in range(1, FEEDS + 1)]
    everything = '"query:All entries:age < 100000"'
    (home / "urls").write_text("\n".join([everything, *feeds]) + "\n", encoding="utf-8")
    (home / "config").write_text(_SETTINGS, encoding="utf-8")
    files = "-C", home / "config", "-u", home / "urls", "-c", home / "cache.db"
    subprocess.run([command, *files, "-x", "reload"], env=environment, check=True)
    return Program(
        NEWSBOAT,
        ("sh", "-c", _START, str(home)),
        environment,
        ready_text="All entries",
        approach=(_UP, b"\r"),
        tree=LEFT_HALF,
        pane_follows=False,
        down=_DOWN,
        up=_UP,
    )


def _write_feed(path: Path, number: int) -> str:
    """Write a feed with an entry for each work of a section, and return its address."""
    feed = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(feed, "channel")
    ElementTree.SubElement(channel, "title").text = f"Section {number}"
    ElementTree.SubElement(channel, "link").text = "https://example.org/"
    for entry in range(1, ENTRIES_PER_FEED + 1):
        item = ElementTree.SubElement(channel, "item")
        title = f"A work with a title of usual length, {number}.{entry}"
        ElementTree.SubElement(item, "title").text = title
        ElementTree.SubElement(item, "guid").text = f"{number}.{entry}"
        ElementTree.SubElement(item, "link").text = "https://example.org/"
        ElementTree.SubElement(item, "description").text = "A sentence about the work. " * 20
    ElementTree.ElementTree(feed).write(path, encoding="utf-8", xml_declaration=True)
    return path.as_uri()
