"""The pictures in docs/ show the app as it is; `make pictures` draws them again."""

import re
import runpy
import time
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.tui.app import PaperTui
from tests.test_documents import ROOT

SCRIPT = runpy.run_path(str(ROOT / "scripts" / "pictures.py"))
DOCS = ROOT / "docs"
text_of = SCRIPT["text_of"]


def kept(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "papertui.db"
    SCRIPT["fill_database"](path)
    return path


@pytest.mark.parametrize("name", SCRIPT["SCREENS"])
async def test_a_picture_shows_what_the_app_shows(database: Path, name: str) -> None:
    expected = text_of(kept(f"{name}-dark.svg"))
    with SCRIPT["copied"](database) as store:
        app = PaperTui(store, Config(theme=SCRIPT["THEMES"]["dark"]))
        async with app.run_test(size=SCRIPT["SIZE"]) as pilot:
            await SCRIPT["press"](pilot, SCRIPT["SCREENS"][name])
            ends_at = time.monotonic() + 10
            while (shown := text_of(SCRIPT["picture_of"](app))) != expected:
                assert time.monotonic() < ends_at, ("make pictures", shown, expected)
                await pilot.pause(0.1)


@pytest.mark.parametrize("name", SCRIPT["SCREENS"])
def test_the_light_picture_says_what_the_dark_one_says(name: str) -> None:
    assert len(text_of(kept(f"{name}-dark.svg"))) > 5
    assert text_of(kept(f"{name}-light.svg")) == text_of(kept(f"{name}-dark.svg"))


def test_the_tour_shows_each_step_with_its_words() -> None:
    tour = kept("tour.svg")
    for words, _ in SCRIPT["TOUR"]:
        assert f">{words}</text>" in tour
    assert tour.count('class="frame"') == len(SCRIPT["TOUR"])


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_needs_nothing_from_elsewhere(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:href|src|url)\s*[=(]\s*[\"']?http", source)
    assert "<script" not in source
    readers = [ROOT / "README.md", *DOCS.glob("*.md")]
    assert any(path.name in reader.read_text(encoding="utf-8") for reader in readers)
