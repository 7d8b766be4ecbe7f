"""Two devices, each with a folder that a real Syncthing keeps in step over the loopback."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from papertui.core import journal
from tests.conftest import TODAY
from tests.support.devices import Device, copy_as_the_same
from tests.support.endurance import LONG, counted

DeviceMaker = Callable[[str], Device]
HE = "he2015deep"
MAX_SECONDS = 120
CONFIG = """<configuration version="35">
    <folder id="papers" path="{folder}" rescanIntervalS="2" fsWatcherDelayS="1">
        {devices}
        <maxConflicts>10</maxConflicts>
    </folder>
    {addresses}
    <gui enabled="true" tls="false"><address>127.0.0.1:{gui}</address></gui>
    <options>
        <listenAddress>tcp://127.0.0.1:{port}</listenAddress>
        <globalAnnounceEnabled>false</globalAnnounceEnabled>
        <localAnnounceEnabled>false</localAnnounceEnabled>
        <relaysEnabled>false</relaysEnabled>
        <natEnabled>false</natEnabled>
        <reconnectionIntervalS>1</reconnectionIntervalS>
        <urAccepted>-1</urAccepted>
        <crashReportingEnabled>false</crashReportingEnabled>
        <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
        <startBrowser>false</startBrowser>
    </options>
</configuration>
"""


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


class Node:
    """A Syncthing with one folder."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "folder"
        self.folder.mkdir(parents=True)
        self.port = free_port()
        run = ("syncthing", "generate", f"--home={home}", "--no-default-folder")
        subprocess.run(run, check=True, capture_output=True, env=self.environment)
        ask = ("syncthing", f"--home={home}", "--device-id")
        done = subprocess.run(
            ask, check=True, capture_output=True, encoding="ascii", env=self.environment
        )
        self.id = done.stdout.strip()

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.home)}

    def configure(self, nodes: list["Node"]) -> None:
        addresses = (
            f'<device id="{node.id}"><address>tcp://127.0.0.1:{node.port}</address></device>'
            for node in nodes
        )
        config = CONFIG.format(
            folder=self.folder,
            devices="".join(f'<device id="{node.id}"/>' for node in nodes),
            addresses="".join(addresses),
            gui=free_port(),
            port=self.port,
        )
        (self.home / "config.xml").write_text(config, encoding="utf-8")

    @contextmanager
    def running(self) -> Iterator[None]:
        run = ("syncthing", "serve", f"--home={self.home}", "--no-browser", "--no-restart")
        with (self.home / "output").open("ab") as output:
            process = subprocess.Popen(run, stdout=output, stderr=output, env=self.environment)
            try:
                yield
            finally:
                process.terminate()
                process.wait()


@pytest.fixture
def nodes(tmp_path: Path) -> list[Node]:
    both = [Node(tmp_path / name) for name in ("one", "two")]
    for node in both:
        node.configure(both)
    return both


@contextmanager
def all_running(nodes: list[Node]) -> Iterator[None]:
    with ExitStack() as stack:
        for node in nodes:
            stack.enter_context(node.running())
        yield


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + MAX_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def are_equal_once_synced(*devices: Device) -> bool:
    for device in devices:
        device.tries()
    return len({device.export() for device in devices}) == 1


@counted
@pytest.mark.skipif(not LONG, reason="runs with make syncthing and make endurance")
@pytest.mark.skipif(shutil.which("syncthing") is None, reason="Syncthing is not installed")
def test_two_devices_meet_through_two_nodes_of_syncthing(
    nodes: list[Node], device: DeviceMaker, tmp_path: Path
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    with all_running(nodes):
        laptop.store.record(journal.save_note(HE, "note", "One.\n\nTwo.\n\nThree."))
        laptop.joins(nodes[0].folder)
        desktop.joins(nodes[1].folder)
        wait_until(lambda: are_equal_once_synced(laptop, desktop))
        for each, old, new in ((laptop, "One.", "First."), (desktop, "Three.", "Last.")):
            each.store.record(journal.log_pass(HE, 1, TODAY))
            (note,) = each.store.reading_log.work(HE).notes
            body = note.body.replace(old, new)
            each.store.record(journal.save_note(HE, note.id, body, (note.version,)))
        wait_until(lambda: are_equal_once_synced(laptop, desktop))
    # While the nodes are apart, a file is written on both: by the laptop and by its twin.
    twin_path = tmp_path / "twin" / "papertui.db"
    twin_path.parent.mkdir()
    copy_as_the_same(laptop.store, twin_path)
    twin = device("twin")
    for each, folder in ((laptop, nodes[0].folder), (twin, nodes[1].folder)):
        each.joins(folder)
        each.store.record(journal.log_pass(HE, 2, TODAY))
        each.syncs()
    with all_running(nodes):
        wait_until(lambda: all(any(node.folder.rglob("*.sync-conflict-*")) for node in nodes))
        wait_until(lambda: are_equal_once_synced(laptop, desktop, twin))
    assert len(laptop.store.events()) == 7
    (note,) = laptop.store.reading_log.work(HE).notes
    assert note.body == "First.\n\nTwo.\n\nLast."
    assert len(laptop.store.reading_log.work(HE).readings) == 4
