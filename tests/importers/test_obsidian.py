"""Lists as Obsidian and its plug-ins write them."""

import pytest

from papertui.importers.reading_list.parser import parse_reading_list


@pytest.mark.parametrize(
    "entry",
    [
        "[[Slow Tides]]",
        "[[papers/Slow Tides]]",
        "[[Slow Tides#Notes]]",
        "[[@halm2019slow|Slow Tides]]",
        "[[papers/Slow Tides - a note|Slow Tides]]",
        "[ ] Slow Tides 📅 2026-12-01",
        "[x] Slow Tides ✅ 2026-11-01",
        "[ ] Slow Tides 🔁 every week 📅 2026-12-01",
    ],
)
def test_a_link_to_a_note_and_a_task_are_the_works_that_they_name(entry: str) -> None:
    parsed = parse_reading_list(f"# Seas\n\n- {entry}\n- [[Foam and salt]]\n", "seas")
    items = [item for section in parsed.sections for item in section.all_items()]
    assert [item.title for item in items] == ["Slow Tides", "Foam and salt"]
    assert items[0].is_read == entry.startswith("[x]")


def test_a_picture_in_a_note_is_no_work() -> None:
    parsed = parse_reading_list("# Seas\n\n- [[Slow Tides]]\n- ![[map of 2019.png]]\n", "seas")
    items = [item for section in parsed.sections for item in section.all_items()]
    assert [item.title for item in items] == ["Slow Tides"]
