"""The reader's own editor: what it does to the file, and what becomes of the text."""

import os
import stat
from pathlib import Path

import pytest

from papertui.errors import Refused
from papertui.system import editor
from papertui.system.editor import Edited, edit

BEFORE = "half a thought"


def edited(folder: Path, script: str, text: str = BEFORE) -> Edited:
    """Let a shell script be the editor; $1 is the file."""
    program = folder / "editor"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    return edit([str(program)], text, folder)


def test_the_file_is_for_its_owner_alone_and_called_markdown(tmp_path: Path) -> None:
    back = edited(tmp_path, 'stat -c %a "$1" >> "$1"')
    assert back.text.endswith("600")
    assert back.path.suffix == ".md"
    assert back.path.parent == tmp_path


@pytest.mark.parametrize(
    ("script", "text", "question"),
    [
        ("true", BEFORE, ""),
        ('printf more >> "$1"', f"{BEFORE}\nmore", ""),
        ('echo new > "$1.tmp"; mv "$1.tmp" "$1"', "new", ""),
        ('printf "a\\r\\nb\\r\\n" > "$1"', "a\nb", ""),
        ('printf "\\357\\273\\277bom" > "$1"', "bom", ""),
        ('echo new > "$1"; exit 3', "new", "exit 3"),
        ("kill -9 $$", BEFORE, "failed"),
        (': > "$1"', "", "Empty the note?"),
        ('printf "a\\377b" > "$1"', "a\ufffdb", "Not all of it is UTF-8"),
        ('printf "a\\000b" > "$1"', "a\x00b", ""),
    ],
)
def test_edited_text_is_used_or_asked_about(
    tmp_path: Path, script: str, text: str, question: str
) -> None:
    back = edited(tmp_path, script)
    assert back.text == text
    assert question in back.question
    assert bool(question) == bool(back.question)
    # A file with nothing in it is not kept.
    assert back.path.exists() == bool(text)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ('rm "$1"', "the note is as it was"),
        ('rm "$1"; ln -s precious "$1"', "the note is as it was"),
        ('rm "$1"; mkfifo "$1"', "no plain file"),
        ('rm "$1"; mkdir "$1"', "no plain file"),
        ('head -c 2000000 /dev/zero > "$1"', "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_back_is_refused(tmp_path: Path, script: str, says: str) -> None:
    (tmp_path / "precious").write_text("not for the note", encoding="utf-8")
    with pytest.raises(Refused, match=says):
        edited(tmp_path, script)
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "not for the note"


def test_a_text_that_is_too_large_is_kept_in_its_file(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="kept in") as refused:
        edited(tmp_path, 'head -c 50000000 /dev/zero > "$1"')
    kept = Path(str(refused.value).rpartition("kept in ")[2].rstrip("."))
    assert kept.stat().st_size == 50_000_000
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_no_file_is_written_through_a_link_that_waits_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    for name in ("note-aaaa.md", "note-bbbb.md"):
        (tmp_path / name).symlink_to(precious)
    names = iter(["aaaa", "bbbb", "cccc"])
    monkeypatch.setattr("tempfile._get_candidate_names", lambda: names)
    assert edited(tmp_path, "true").path.name == "note-cccc.md"
    assert precious.read_text(encoding="utf-8") == "mine"


def test_a_missing_editor_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor --flag")
    with pytest.raises(Refused, match="'no-such-editor', which is not a program on this machine"):
        editor.command()
    monkeypatch.setenv("EDITOR", "'unclosed")
    with pytest.raises(Refused, match="EDITOR cannot be read"):
        editor.command()
    monkeypatch.delenv("EDITOR")
    with pytest.raises(Refused, match="Set VISUAL or EDITOR"):
        editor.command()
    gone = tmp_path / "gone"
    with pytest.raises(Refused, match="could not be started"):
        edit([str(gone)], BEFORE, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["vi", "vim", "nvim", "gvim"])
def test_vim_runs_no_modelines_of_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).touch(mode=0o700)
    monkeypatch.setenv("VISUAL", f"{tmp_path / name} -f")
    assert editor.command() == [str(tmp_path / name), "-f", "--cmd", "set nomodeline"]


def test_the_editor_obeys_no_file_and_runs_no_program_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current, notes = tmp_path / "current", tmp_path / "notes"
    for folder in (current, notes):
        folder.mkdir()
    (current / "my-editor").write_text(f"#!/bin/sh\npwd > {tmp_path}/ran\n", encoding="utf-8")
    (current / "my-editor").chmod(0o700)
    monkeypatch.chdir(current)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "my-editor")
    monkeypatch.setenv("PATH", "", prepend=":")
    with pytest.raises(Refused, match="not a program on this machine"):
        editor.command()
    assert not (tmp_path / "ran").exists()
    # A path is what the reader means.
    monkeypatch.setenv("EDITOR", "./my-editor")
    edit(editor.command(), BEFORE, notes)
    assert (tmp_path / "ran").read_text(encoding="utf-8").strip() == str(notes)


def test_on_a_full_disk_the_editor_is_not_started(tmp_path: Path) -> None:
    from tests.support.faults import fill_up, small_disk

    with small_disk(tmp_path / "disk", 100) as disk:
        fill_up(disk)
        ran = tmp_path / "ran"
        program = tmp_path / "editor"
        program.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
        program.chmod(0o700)
        with pytest.raises(Refused, match="No space left"):
            edit([str(program)], "x" * 10_000, disk)
        assert not ran.exists()
        assert [path.name for path in disk.iterdir()] == ["filler"]


def test_only_the_owner_can_replace_the_file(tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("only root can give files away")
    with pytest.raises(Refused, match="no plain file"):
        edited(tmp_path, 'chown 12345 "$1"')
