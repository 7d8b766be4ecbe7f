"""git, run as a program that asks nothing, obeys no other configuration and runs nothing else."""

import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from shlex import quote

from papertui.core.text import safe_line, shorten, terminal_safe
from papertui.errors import PapertuiError
from papertui.system.programs import folders_of_programs

# Seconds without a word, and in all: years of a log come in through a slow line too.
GIT_TIMEOUT = 30.0
MAX_GIT_TIME = 600.0
MAX_OUTPUT = 1_000_000
BRANCH = "main"
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",
    "core.autocrlf=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.alternateRefsCommand=true",
    "commit.gpgSign=false",
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    "protocol.ext.allow=never",
    "transfer.fsckObjects=true",
    "receive.autogc=false",
    # A stick or a shared disk belongs to somebody else; nothing that is set there is obeyed.
    "safe.directory=*",
    "gc.auto=0",
    "maintenance.auto=false",
)
# A bare repository on this machine has a configuration and hooks of its own, which git would
# obey in the program that it starts there. To pack years tightly takes longer than to copy them.
_SETTINGS_THERE = (*_SETTINGS, "pack.window=0", "pack.compression=1")
_THERE = "git " + " ".join(f"-c {quote(setting)}" for setting in _SETTINGS_THERE)
_PASSED_ON = (
    "HOME", "USER", "LOGNAME", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
)  # fmt: skip
_FIXED = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "file:https:ssh",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10",
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS_REQUIRE": "never",
    **{f"GIT_{who}_NAME": "papertui" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "papertui" for who in ("AUTHOR", "COMMITTER")},
}
# Neither the name of a user or a host nor a path may pass for an option.
_ADDRESS = re.compile(
    r"(ssh|https)://(?!-)([^/@]*@)?(?![-/])[!-~]+|file:///[!-~]+"
    r"|(?!-)[\w.-]+@(?!-)[\w.\[\]-]+:(?![-:])[!-~]+",
    re.ASCII,
)


class GitError(PapertuiError):
    """git could not do it; `output` is all that it wrote, made safe."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class NoGit(GitError):
    """There is no git on this machine."""


class TooMuch(GitError):
    """git wrote more than anybody needs to know."""


def is_address(text: str) -> bool:
    """Return True for an address of a repository that git may be given."""
    return bool(_ADDRESS.fullmatch(text))


def is_bare_repository(folder: Path) -> bool:
    """Return True if a folder is a repository without a working copy."""
    return (folder / "HEAD").is_file() and all(
        map(Path.is_dir, (folder / "objects", folder / "refs"))
    )


def run(
    folder: Path, *arguments: str, settings: Iterable[str] = (), max_output: int | None = None
) -> str:
    """Run git with more `settings` in the working copy `folder` and return its output.

    It may be silent for GIT_TIMEOUT. Raises NoGit if there is none, TooMuch if it writes more
    bytes than a `max_output`, and GitError if it fails.
    """
    program = shutil.which("git", path=folders_of_programs())
    if program is None:
        raise NoGit("There is no git on this machine: install it, or sync through a folder.")
    options = [word for setting in (*_SETTINGS, *settings) for word in ("-c", setting)]
    places = [f"--git-dir={folder}/.git", f"--work-tree={folder}"]
    try:
        git = subprocess.Popen(  # noqa: S603
            [program, *places, *options, *arguments],
            cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise GitError(f"git could not be started: {error.strerror}.") from error
    with git:
        try:
            output = _output_of(git, arguments[0], max_output).decode("utf-8", "replace")
        except BaseException:
            # The programs that git started go with it.
            with suppress(ProcessLookupError):
                os.killpg(git.pid, signal.SIGKILL)
            raise
    if git.returncode:
        raise GitError(_reason(arguments[0], output), terminal_safe(output))
    return output


def _output_of(git: subprocess.Popen[bytes], command: str, limit: int | None) -> bytearray:
    """Return what git and its children wrote until all closed it, at most MAX_OUTPUT of it.

    With a `limit`, more is an error.
    """
    assert git.stdout is not None
    end, output = time.monotonic() + MAX_GIT_TIME, bytearray()
    while True:
        if not select.select([git.stdout], [], [], GIT_TIMEOUT)[0]:
            raise GitError(f"git {command} was silent for {GIT_TIMEOUT:.0f} seconds.")
        if time.monotonic() > end:
            raise GitError(f"git {command} took longer than {MAX_GIT_TIME / 60:.0f} minutes.")
        part = os.read(git.stdout.fileno(), 65_536)
        if not part:
            return output
        output += part
        if limit is not None and len(output) > limit:
            raise TooMuch(f"git {command} wrote more than {limit:,} bytes.")
        del output[limit or MAX_OUTPUT :]


def there(program: str) -> str:
    """Return the option for the program that git starts where the other repository is."""
    return f"--{program}={_THERE} {program}"


# The lines of git that tell the most come first; a push has a line for each branch.
_TELLING = ("!", "fatal: ", "remote: ", "ERROR: ", "error: ", "")


def _reason(command: str, output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()] or ["no reason given"]
    line = next(line for start in _TELLING for line in lines if line.startswith(start))
    reason = line[line.find("[") :] if line.startswith("!") else line
    return f"git {command} failed: {shorten(safe_line(reason), 160)}"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PATH": folders_of_programs(), **_FIXED}
