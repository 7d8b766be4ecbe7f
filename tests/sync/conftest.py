from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from papertui.system.clock import Clock
from tests.support.devices import Device, bare_repository


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare_repository(tmp_path / "remote.git")


@pytest.fixture
def device(tmp_path: Path, clock: Clock) -> Iterator[Callable[[str], Device]]:
    """Make devices by their names."""
    devices: list[Device] = []

    def make(name: str) -> Device:
        devices.append(Device(tmp_path / name / "papertui.db", clock))
        return devices[-1]

    yield make
    for each in devices:
        each.store.close()
