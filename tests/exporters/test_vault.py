"""A folder of Markdown files in which the reader writes too, and that is refreshed."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from papertui.cli.main import papertui
from papertui.core import journal
from papertui.core.text import file_safe
from papertui.errors import Refused
from papertui.exporters import markdown
from papertui.exporters.exported_work import ExportedWork
from papertui.exporters.markdown import LINE
from papertui.importers.bibtex import parse_bibtex
from papertui.importers.plan import plan_import
from papertui.storage.store import Store
from papertui.system import files
from tests.conftest import TODAY
from tests.exporters.test_exporters import holdings

RESNET, ATTENTION, ADAM = "he2015deep", "vaswani2017attention", "kingma2014adam"

line_ends = st.sampled_from(["\n", "\r\n"])
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
values: st.SearchStrategy[Any] = (
    texts | st.integers(-(10**6), 10**6) | st.booleans() | st.none() | st.lists(texts, max_size=3)
)
own_fields = st.dictionaries(st.from_regex(r"my_[a-z]{1,8}", fullmatch=True), values, max_size=4)


def export(*arguments: str) -> Result:
    result = CliRunner().invoke(papertui, ["export", "--format", "md", *arguments])
    assert result.exit_code in (0, 1), result.output
    return result


def written(exported: ExportedWork) -> bytes:
    """Return the file of a work as an export writes it."""
    return file_safe(markdown.dumps(exported)).encode()


def front_matter(content: bytes) -> dict[str, Any]:
    fields = yaml.safe_load(content.decode().replace("\r\n", "\n").split("---\n", 2)[1])
    assert isinstance(fields, dict)
    return fields


@pytest.fixture
def vault(store: Store, tmp_path: Path) -> Path:
    """A folder with the files of two works, one of them noted."""
    store.record(journal.log_pass(RESNET, 2, TODAY, 62))
    store.record(journal.save_note(ATTENTION, "n", "Heads differ."))
    export("--out", str(tmp_path / "vault"))
    return tmp_path / "vault"


def refresh(vault: Path, *arguments: str) -> str:
    return export("--out", str(vault), "--refresh", *arguments).stderr


# ── one file ─────────────────────────────────────────────────────────────────


@given(holdings)
def test_a_file_that_nothing_has_changed_is_refreshed_to_itself(exported: ExportedWork) -> None:
    content = written(exported)
    assert markdown.refreshed(content, exported) == content
    assert markdown.written_citekey(content) == exported.work.citekey


@given(holdings, holdings, st.binary(max_size=200), own_fields, line_ends)
def test_what_the_reader_wrote_survives_to_the_byte_and_a_second_refresh_changes_nothing(
    before: ExportedWork,
    after: ExportedWork,
    below: bytes,
    own: dict[str, Any],
    line_end: str,
) -> None:
    added = yaml.safe_dump(own, allow_unicode=True) if own else ""
    head = written(before).decode().replace("---\n", f"---\n{added}", 1)
    content = head.replace("\r\n", "\n").replace("\n", line_end).rstrip().encode() + below
    if re.match(rb"[ \t\r]*(\n|\Z)", below):
        once = markdown.refreshed(content, after)
        assert once.endswith(LINE.encode() + below)
        assert markdown.refreshed(once, after) == once
        fields, fresh = front_matter(once), front_matter(written(after))
        assert {name: fields[name] for name in own} == own
        for name in fresh.keys() - {"tags", "aliases"}:
            assert fields[name] == fresh[name]
        assert set(fresh["tags"]) <= set(fields["tags"])
        papertuis = front_matter(written(before)).keys() | fresh.keys()
        assert fields.keys() == (fresh.keys() | own.keys())
        assert not (fields.keys() & papertuis) - fresh.keys()


def test_the_readers_tags_aliases_order_quotes_and_comments_stay(vault: Path) -> None:
    path = vault / f"{RESNET}.md"
    text = path.read_text(encoding="utf-8")
    text = text.replace("tags:\n", "rating: 5  # of 5\ntags:\n  - to-discuss\n")
    text = text.replace("aliases:\n", "aliases:\n  - The residual one\n")
    path.write_text(f"{text}\nMy own words", encoding="utf-8")
    refresh(vault)
    fields = front_matter(path.read_bytes())
    assert (fields["rating"], "to-discuss" in fields["tags"]) == (5, True)
    assert "The residual one" in fields["aliases"]
    assert "rating: 5  # of 5" in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").endswith(f"{LINE}\n\nMy own words")


def test_a_note_cannot_pass_for_the_line(store: Store, tmp_path: Path) -> None:
    store.record(journal.save_note(ADAM, "n", f"before\n{LINE}\nafter"))
    vault = tmp_path / "vault"
    export("--out", str(vault))
    path = vault / f"{ADAM}.md"
    with path.open("a", encoding="utf-8") as file:
        file.write("mine")
    once = path.read_bytes()
    refresh(vault)
    assert path.read_bytes() == once


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"---\na: [\n---\n{LINE}\n".encode(), "cannot be read"),
        (f"---\na: 1\na: 2\n---\n{LINE}\n".encode(), "cannot be read"),
        (f"---\n- a\n---\n{LINE}\n".encode(), "no fields"),
        (b"---\na: \xff\n---\n" + LINE.encode(), "not UTF-8"),
    ],
)
def test_front_matter_that_cannot_be_read_is_named(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        markdown.written_citekey(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        LINE.encode(),
        b"---\ncitekey: x\n---\nwords",
        f"---\na: 1\n---\n{LINE}".encode(),
    ],
)
def test_a_file_of_another_program_is_not_taken_for_papertuis(content: bytes) -> None:
    assert markdown.written_citekey(content) is None


# ── the folder ───────────────────────────────────────────────────────────────


def bring_in(store: Store, entry: str) -> None:
    """Import a BibTeX entry as a reader does."""
    store.record(plan_import(parse_bibtex(entry, "own.bib"), store.works, "own.bib").change)


def test_a_new_file_is_named_by_the_readers_key_and_an_existing_one_keeps_its_name(
    vault: Path, store: Store
) -> None:
    title = front_matter((vault / f"{RESNET}.md").read_bytes())["title"]
    entries = (("He15", title), ("KelpForest03", "Kelp forests"), ("he:15", "Driftwood"))
    bring_in(store, "\n".join(f"@misc{{{key}, title = {{{name}}}}}" for key, name in entries))
    assert "2 new, 1 changed" in refresh(vault)
    assert (vault / "KelpForest03.md").exists()
    assert front_matter((vault / f"{RESNET}.md").read_bytes())["citekey"] == "He15"
    assert not (vault / "He15.md").exists()
    before = sorted(vault.iterdir())
    assert "0 new, 0 changed, 4 as they were" in refresh(vault)
    assert sorted(vault.iterdir()) == before


def test_works_with_one_key_have_a_file_each(store: Store, tmp_path: Path) -> None:
    for number, name in enumerate(("Kelp forests", "Driftwood")):
        bring_in(store, f"@misc{{Sea03, title = {{{name}}}, year = {1990 + number}}}")
    vault = tmp_path / "vault"
    export("--out", str(vault))
    assert sorted(path.name for path in vault.iterdir()) == ["Sea03-2.md", "Sea03.md"]
    assert "0 new, 0 changed, 2 as they were" in refresh(vault)


def test_a_refresh_renews_what_changed_and_touches_nothing_else(vault: Path, store: Store) -> None:
    before = {path: path.stat().st_mtime_ns for path in vault.iterdir()}
    assert "0 new, 0 changed, 2 as they were" in refresh(vault)
    assert {path: path.stat().st_mtime_ns for path in vault.iterdir()} == before
    store.record(journal.log_pass(RESNET, 3, TODAY))
    store.record(journal.log_pass(ADAM, 1, TODAY))
    assert "3 files" in refresh(vault)
    assert "third pass" in (vault / f"{RESNET}.md").read_text(encoding="utf-8")
    assert (vault / f"{ADAM}.md").exists()
    assert "0 new, 0 changed, 3 as they were" in refresh(vault)


def test_a_file_that_was_moved_or_renamed_is_found_by_its_citekey(
    vault: Path, store: Store
) -> None:
    moved = vault / "Vision" / "Residual learning.md"
    moved.parent.mkdir()
    (vault / f"{RESNET}.md").rename(moved)
    with moved.open("ab") as file:
        file.write(b"mine, without an end of line")
    store.record(journal.save_note(RESNET, "n", "Depth helps."))
    assert "0 new, 1 changed, 1 as they were" in refresh(vault)
    assert b"Depth helps." in moved.read_bytes()
    assert moved.read_bytes().endswith(b"mine, without an end of line")
    assert not (vault / f"{RESNET}.md").exists()


def test_a_work_that_was_merged_keeps_its_file(vault: Path, store: Store) -> None:
    store.record(journal.add_work("mine", {"title": "Mine", "kind": "paper"}))
    refresh(vault)
    store.record(journal.merge_works("mine", ADAM))
    assert "0 new, 1 changed" in refresh(vault)
    own = (vault / "mine.md").read_bytes()
    assert front_matter(own)["citekey"] == ADAM
    assert not (vault / f"{ADAM}.md").exists()
    # What the reader wrote there is of that work again, once it is one.
    (vault / "mine.md").write_bytes(own + b"On mine.\n")
    store.undo(store.last_act())
    refresh(vault)
    own = (vault / "mine.md").read_bytes()
    assert front_matter(own)["citekey"] == "mine"
    assert "papertui" not in front_matter(own)
    assert own.endswith(b"On mine.\n")


@pytest.mark.parametrize("has_own", [True, False])
def test_of_a_work_and_those_merged_into_it_one_file_is_renewed_and_the_others_are_named(
    vault: Path, store: Store, has_own: bool
) -> None:
    for key in ("a", "b"):
        store.record(journal.add_work(key, {"title": f"Mine {key}", "kind": "paper"}))
    refresh(vault)
    into = RESNET if has_own else ADAM
    for key in ("a", "b"):
        (vault / f"{key}.md").write_bytes((vault / f"{key}.md").read_bytes() + b"My words.")
        store.record(journal.merge_works(key, into))
    left = ["a", "b"] if has_own else ["b"]
    before = {key: (vault / f"{key}.md").read_bytes() for key in left}
    store.record(journal.save_note(into, "m", "What both say."))
    said = refresh(vault)
    kept = f"{RESNET}.md" if has_own else "a.md"
    for key in left:
        assert f"Left alone: {vault / key}.md: {key!r} was merged: now {kept}." in said
    assert {key: (vault / f"{key}.md").read_bytes() for key in left} == before
    pages = [path for path in vault.iterdir() if front_matter(path.read_bytes())["citekey"] == into]
    assert pages == [vault / kept]
    assert b"What both say." in pages[0].read_bytes()
    store.undo(store.last_act())
    store.undo(store.last_act())
    assert "'b'" not in refresh(vault)


def test_the_file_of_a_work_that_papertui_has_no_more_is_left_alone_and_named(
    vault: Path, store: Store
) -> None:
    act = store.record(journal.add_work("mine", {"title": "Mine", "kind": "paper"}))
    noted = store.record(journal.save_note("mine", "n", "What I thought of it."))
    refresh(vault)
    store.undo(noted)
    store.undo(act)
    before = (vault / "mine.md").read_bytes()
    said = refresh(vault)
    assert "Left alone" in said
    assert "papertui no longer has a work 'mine'" in said
    assert (vault / "mine.md").read_bytes() == before


def test_a_work_that_nothing_was_done_with_is_renewed_if_it_has_a_file(
    vault: Path, store: Store
) -> None:
    export("--out", str(vault), ADAM)
    (vault / f"{ADAM}.md").write_bytes((vault / f"{ADAM}.md").read_bytes().replace(b"summary", b""))
    assert "3 files" in refresh(vault)
    assert "1 file " in refresh(vault, ADAM)


def test_files_that_papertui_did_not_write_are_left_alone(vault: Path, tmp_path: Path) -> None:
    (vault / f"{RESNET}.md").write_text("my own file", encoding="utf-8")
    (vault / ".trash").mkdir()
    (vault / f"{ATTENTION}.md").rename(vault / ".trash" / f"{ATTENTION}.md")
    (vault / f"{ATTENTION}.md").symlink_to(tmp_path / "elsewhere.md")
    (vault / "broken.md").write_text(f"---\na: [\n---\n{LINE}\n", encoding="utf-8")
    (vault / "Other note.md").write_text("---\ncitekey: x\n---\n", encoding="utf-8")
    said = refresh(vault)
    assert said.count("Left alone") == 3
    assert "--force replaces it" in said
    assert "it is not a plain file" in said
    assert "its front matter cannot be read" in said
    assert (vault / f"{RESNET}.md").read_text(encoding="utf-8") == "my own file"
    assert not (tmp_path / "elsewhere.md").exists()
    refresh(vault, "--force")
    assert LINE in (vault / f"{RESNET}.md").read_text(encoding="utf-8")
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_citekey_without_its_quotes_is_read_all_the_same() -> None:
    assert markdown.written_citekey(f"---\ncitekey: 2015\n---\n{LINE}".encode()) == "2015"


def test_a_broken_file_at_its_own_name_is_left_alone(vault: Path) -> None:
    path = vault / f"{RESNET}.md"
    path.write_text(f"---\na: [\n---\n{LINE}\nmine", encoding="utf-8")
    assert "its front matter cannot be read" in refresh(vault)
    assert path.read_text(encoding="utf-8").endswith("mine")


def test_a_failed_refresh_leaves_the_file_as_it_was(
    vault: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (vault / f"{RESNET}.md").read_bytes()
    store.record(journal.log_pass(RESNET, 3, TODAY))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left"):
        files.write(vault / f"{RESNET}.md", b"other", force=True)
    assert (vault / f"{RESNET}.md").read_bytes() == before


def test_an_export_into_the_folder_names_the_way_to_refresh_it(vault: Path) -> None:
    result = CliRunner().invoke(papertui, ["export", "--format", "md", "--out", str(vault)])
    assert "--refresh" in str(result.exception)
    misuse = CliRunner().invoke(papertui, ["export", "--format", "bib", "--refresh"])
    assert misuse.exit_code == 2
