"""Every column of every table of papertui's own, to be spoilt by a test."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.fresh_database import fresh_database


@cache
def columns() -> tuple[tuple[str, str], ...]:
    """Return each table with each of its columns, but for those inside the index of words."""
    sql = (
        "select master.name, info.name from sqlite_master as master, pragma_table_info(master.name)"
        " as info where master.type = 'table' and master.name <> 'search'"
        " and master.name not like 'search!_%' escape '!'"
        " and master.name not like 'sqlite_%' order by 1, cid"
    )
    with TemporaryDirectory() as folder:
        database = fresh_database(Path(folder) / "papertui.db")
        with closing(sqlite3.connect(database)) as connection:
            return tuple(connection.execute(sql))


@contextmanager
def unguarded(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a database whose journal can be changed meanwhile, as by a fault."""
    with closing(sqlite3.connect(database)) as connection:
        sql = "select name, sql from sqlite_master where type = 'trigger'"
        triggers = connection.execute(sql).fetchall()
        for name, _ in triggers:
            connection.execute(f"drop trigger {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def spoil(database: Path, table: str, column: str, value: str, *values: Any) -> int:
    """Set a column to an expression in SQL, in as many rows as take it; return how many do."""
    with unguarded(database) as connection:
        rows = connection.execute(f"select rowid from {table}").fetchall()
        return sum(_set(connection, table, column, value, values, row) for (row,) in rows)


def spoil_latest(database: Path, table: str, column: str, value: str, *values: Any) -> int:
    """Do the same in the row that was written last."""
    with unguarded(database) as connection:
        (row,) = connection.execute(f"select max(rowid) from {table}").fetchone()
        return _set(connection, table, column, value, values, row)


def _set(
    connection: sqlite3.Connection,
    table: str,
    column: str,
    value: str,
    values: tuple[Any, ...],
    row: int,
) -> int:
    # A number of a row takes no text, a key no value twice, and some columns no null.
    with suppress(sqlite3.IntegrityError):
        sql = f"update {table} set {column} = {value} where rowid = ?"
        return connection.execute(sql, (*values, row)).rowcount
    return 0
