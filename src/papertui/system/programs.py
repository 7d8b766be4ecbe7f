"""Where programs are looked for."""

import os


def folders_of_programs() -> str:
    """Return the folders of programs, without those that depend on the current folder."""
    return os.pathsep.join(filter(os.path.isabs, os.get_exec_path()))
