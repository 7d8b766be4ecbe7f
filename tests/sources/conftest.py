from collections.abc import Iterator
from pathlib import Path

import pytest

from papertui.sources.http import HttpClient
from tests.conftest import FRIDAY
from tests.support.services import Server, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve in the place of every service."""
    with serving(monkeypatch) as served:
        yield served


@pytest.fixture
def http(tmp_path: Path) -> HttpClient:
    """A client without a mail address, on the day of the papers in the tests."""
    return HttpClient(tmp_path / "cache", lambda: FRIDAY)
