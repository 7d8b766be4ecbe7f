"""The errors a reader may meet: each carries one line that says what to do."""

from papertui.backup import BackupError
from papertui.catalog import CatalogError
from papertui.config import ConfigError
from papertui.database import DatabaseError
from papertui.journal import Refused
from papertui.starting import NoTerminal

EXPECTED = (BackupError, CatalogError, ConfigError, DatabaseError, NoTerminal, Refused)
