"""The working copy of the repository that devices exchange their log through."""

import re
import shutil
from contextlib import suppress
from pathlib import Path

from papertui.errors import Refused
from papertui.system import files, git
from papertui.system.git import BRANCH, GitError, NoGit

_REMOTE = "place"
_THERE, _HERE = f"refs/remotes/{_REMOTE}/{BRANCH}", f"refs/heads/{BRANCH}"
# A net for those who merge with git themselves.
_ATTRIBUTES = "*.jsonl -text merge=union\n"
# These hold over all that a repository says: nothing is filtered, converted or expanded.
_OWN_ATTRIBUTES = "* -text -ident -filter !working-tree-encoding merge=union\n"
# Words of git for a push that came too late; it works once the others' commits are fetched.
_TOO_LATE = ("[rejected]", "cannot lock ref", "failed to update ref", "failed to lock")

# What git says of a commit, tree or file that no git writes by itself.
_HARM = re.compile(r"^error: object \w+: (.*)", re.MULTILINE)
MAX_FILES, MAX_SIZE = 100_000, 4_000_000_000
_LINE_LENGTH = 160
_NO_LOG = "The repository holds far more than a log of papertui: name another, or clear it."


class Broken(GitError):
    """git failed in the working copy itself, which `make` mends."""


class WorkingCopy:
    """A cache of the remote at an address."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        # The working copy itself names no remote, so that it is of whichever place is set.
        self._remote = (
            f"remote.{_REMOTE}.url={address}",
            f"remote.{_REMOTE}.fetch=+{_HERE}:{_THERE}",
        )
        self._is_here = address.startswith(("/", "file://"))

    def fetch(self) -> str:
        """Fetch what is new, and return the commit of the remote, "" if that is empty.

        Raises GitError if the remote cannot be reached.
        """
        if not (self.folder / ".git").is_dir():
            self.make()
        options = [git.there("upload-pack")] if self._is_here else []
        if not self._commit_of(_THERE):
            # The files are all there is to know. To say so again would make each fetch slower.
            options.append("--depth=1")
        try:
            self._run("fetch", "--progress", "--no-tags", *options, "--", _REMOTE)
        except GitError as error:
            if harm := _HARM.search(error.output):
                # What was unpacked before git saw it would pass for checked the next time.
                self.make()
                raise Refused(
                    f"The repository holds what could do harm ({harm[1]}): nothing was taken in."
                ) from error
            if "couldn't find remote ref" not in error.output:
                raise
            if self._commit_of(_THERE):
                self.make()
        return self._commit_of(_THERE)

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self._commit_of(_HERE)

    def reset(self) -> None:
        """Check out what was fetched, and forget all else that is in the working copy."""
        if self._commit_of(_THERE):
            self._refuse_more_than_a_log()
            self._local("reset", "--hard", "--quiet", _THERE)
            self._local("clean", "-ffdx", "--quiet")
        else:
            self.make()

    def _refuse_more_than_a_log(self) -> None:
        """Refuse a commit that would fill the disk: a small pack can hold any number of files."""
        try:
            listing = git.run(
                self.folder, "ls-tree", "-r", "-l", _THERE, max_output=MAX_FILES * _LINE_LENGTH
            )
        except git.TooMuch:
            raise Refused(_NO_LOG) from None
        except GitError as error:
            raise Broken(str(error), error.output) from error
        # A line has mode, type, name, size and, after a tab, the path; a submodule has no size.
        sizes = [line.partition("\t")[0].split()[-1] for line in listing.splitlines()]
        if sum(int(size) for size in sizes if size.isdecimal()) > MAX_SIZE:
            raise Refused(_NO_LOG)

    def commit(self, message: str) -> None:
        """Commit all that was written."""
        attributes = self.folder / ".gitattributes"
        if not attributes.exists():
            files.write(attributes, _ATTRIBUTES)
        self._local("add", "--force", "--all", "--", ".")
        try:
            self._local("commit", "--quiet", "--no-verify", "--no-gpg-sign", "-m", message)
        except Broken as error:
            if "Untracked files" in error.output or "nothing to commit" in error.output:
                raise Refused("A submodule in the repository is in the way: remove it.") from error
            raise

    def push(self) -> bool:
        """Give the remote what was committed; return False if others were faster.

        Raises GitError if the remote refuses.
        """
        options = [git.there("receive-pack")] if self._is_here else []
        refs = f"{_HERE}:{_HERE}"
        try:
            self._run("push", "--progress", "--porcelain", *options, "--", _REMOTE, refs)
        except GitError as error:
            if any(words in error.output for words in _TOO_LATE):
                return False
            raise
        return True

    def make(self) -> None:
        """Make the working copy anew, still empty."""
        if self.folder.is_symlink():
            raise Refused(f"{self.folder} is a link: remove it.")
        if self.folder.exists():
            shutil.rmtree(self.folder)
        files.folder(self.folder)
        git.run(self.folder, "init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
        (self.folder / ".git" / "info").mkdir(exist_ok=True)
        files.write(self.folder / ".git" / "info" / "attributes", _OWN_ATTRIBUTES)

    def _commit_of(self, ref: str) -> str:
        """Return the commit of a branch, "" if there is none; to ask git takes a process."""
        folder = self.folder / ".git"
        with suppress(OSError):
            return (folder / ref).read_text(encoding="ascii").strip()
        with suppress(OSError):
            for line in (folder / "packed-refs").read_text(encoding="utf-8").splitlines():
                commit, _, name = line.partition(" ")
                if name == ref:
                    return commit
        return ""

    def _local(self, *arguments: str) -> None:
        """Run what needs no remote. Raises Broken if it fails."""
        try:
            git.run(self.folder, *arguments)
        except NoGit:
            raise
        except GitError as error:
            raise Broken(str(error), error.output) from error

    def _run(self, *arguments: str) -> None:
        """Run what needs the remote. Raises Broken if git names the working copy as the cause."""
        try:
            git.run(self.folder, *arguments, settings=self._remote)
        except GitError as error:
            if str(self.folder) in error.output:
                raise Broken(str(error), error.output) from error
            raise
