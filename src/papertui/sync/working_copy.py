"""The working copy of the repository that devices exchange their log through."""

import shutil
from contextlib import suppress
from pathlib import Path

from papertui.errors import Refused
from papertui.system import files, git
from papertui.system.git import BRANCH, GitError, NoGit

_THERE, _HERE = f"refs/remotes/origin/{BRANCH}", f"refs/heads/{BRANCH}"
# A net for those who merge with git themselves.
_ATTRIBUTES = "*.jsonl -text merge=union\n"
# These hold over all that a repository says: nothing is filtered, converted or expanded.
_OWN_ATTRIBUTES = "* -text -ident -filter !working-tree-encoding merge=union\n"
# Words of git for a push that came too late; it works once the others' commits are fetched.
_TOO_LATE = ("[rejected]", "cannot lock ref", "failed to update ref", "failed to lock")


class WorkingCopy:
    """A cache of the remote at an address; it is made again if it is not in order."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self._address = address
        self._is_here = address.startswith(("/", "file://"))

    def fetch(self) -> str:
        """Make the working copy what the remote has. Return its commit, "" if it is empty.

        Raises GitError if the remote cannot be reached.
        """
        if not (self.folder / ".git").is_dir():
            self._make()
        try:
            is_empty = not self._fetch()
            if is_empty:
                commit, head = "", self._commit_of(_HERE)
            else:
                commit, head = self._commit_of(_THERE), self._commit_of(_HERE)
            if commit != head:
                self.reset()
        except _Broken:
            self._make()
            if self._fetch():
                self.reset()
            commit = self._commit_of(_THERE)
        return commit

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self._commit_of(_HERE)

    def reset(self) -> None:
        """Forget commits that the remote does not have, and all else that is in the copy."""
        if self._commit_of(_THERE):
            self._local("reset", "--hard", "--quiet", _THERE)
            self._local("clean", "-ffdx", "--quiet")
        else:
            self._make()

    def commit(self, message: str) -> None:
        """Commit all that was written."""
        attributes = self.folder / ".gitattributes"
        if not attributes.exists():
            files.write(attributes, _ATTRIBUTES)
        self._local("add", "--force", "--all", "--", ".")
        self._local("commit", "--quiet", "--no-verify", "--no-gpg-sign", "-m", message)

    def push(self) -> bool:
        """Give the remote what was committed; return False if others were faster.

        Raises GitError if the remote refuses.
        """
        options = [git.there("receive-pack")] if self._is_here else []
        refs = f"{_HERE}:{_HERE}"
        try:
            git.run(self.folder, "push", "--porcelain", *options, "--", "origin", refs)
        except GitError as error:
            if any(words in error.output for words in _TOO_LATE):
                return False
            raise
        git.run(self.folder, "update-ref", _THERE, _HERE)
        return True

    def _fetch(self) -> bool:
        """Fetch what is new; return False if the remote is empty."""
        options = [git.there("upload-pack")] if self._is_here else []
        refs = f"+{_HERE}:{_THERE}"
        try:
            git.run(self.folder, "fetch", "--quiet", "--no-tags", *options, "--", "origin", refs)
        except GitError as error:
            if "couldn't find remote ref" in error.output:
                return False
            raise
        return True

    def _make(self) -> None:
        """Make the working copy anew, still empty."""
        if self.folder.is_symlink():
            raise Refused(f"{self.folder} is a link: remove it.")
        if self.folder.exists():
            shutil.rmtree(self.folder)
        files.folder(self.folder)
        git.run(self.folder, "init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
        (self.folder / ".git" / "info").mkdir(exist_ok=True)
        files.write(self.folder / ".git" / "info" / "attributes", _OWN_ATTRIBUTES)
        git.run(self.folder, "remote", "add", "--", "origin", self._address)

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
        try:
            git.run(self.folder, *arguments)
        except NoGit:
            raise
        except GitError as error:
            raise _Broken(str(error), error.output) from error


class _Broken(GitError):
    """git failed in the working copy itself, which another one may mend."""
