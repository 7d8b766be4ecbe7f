"""The schema, step by step. A step is never edited once it has been released.

`event` is the journal. The tables of `m002` follow from it and those of `m003`
from the catalogue: both can be emptied and filled again at any time.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils.db import Database


SET = "papertui"

_EVENT = {
    "id": str,
    "device": str,
    "seq": int,
    "at": int,
    "wall": str,
    "utc_offset": int,
    "act": str,
    "kind": str,
    "work": str,
    "data": str,
}


def m001_journal(db: "Database") -> None:
    """Create the journal, drafts and settings: all that cannot be made again."""
    db.table("event").create(
        _EVENT,
        pk="id",
        not_null={"device", "seq", "at", "wall", "utc_offset", "act", "kind", "data"},
    )
    db.table("event").create_index(["device", "seq"], unique=True)
    db.table("event").create_index(["work"])
    db.table("event").create_index(["act"])
    db.table("event").create_index(["kind"])
    db.table("event").create_index(["at"])
    for verb in ("update", "delete"):
        db.execute(
            f"create trigger event_{verb} before {verb} on event "
            "begin select raise(abort, 'the journal is append-only'); end"
        )
    db.table("draft").create(
        {"id": str, "work": str, "note": str, "base": str, "body": str, "saved": str},
        pk="id",
        not_null={"work", "note", "body", "saved"},
    )
    db.table("setting").create({"key": str, "value": str}, pk="key", not_null={"value"})


def m002_projections(db: "Database") -> None:
    """Create the tables that say what the journal's events add up to."""
    db.table("reading").create(
        {"id": str, "work": str, "depth": int, "read_on": str, "minutes": int, "logged": str},
        pk="id",
        not_null={"work", "depth", "logged"},
    )
    db.table("reading").create_index(["work"])
    db.table("reading").create_index(["read_on"])
    db.table("note").create(
        {
            "version": str,
            "id": str,
            "work": str,
            "depth": int,
            "body": str,
            "saved": str,
            "utc_offset": int,
        },
        pk="version",
        not_null={"id", "work", "body", "saved", "utc_offset"},
    )
    db.table("note").create_index(["work"])
    db.table("standing").create(
        {"work": str, "depth": int, "rank": float, "aside": str, "until": str, "reason": str},
        pk="work",
        not_null={"depth"},
    )
    db.table("goal").create({"metric": str, "since": str, "target": int}, pk=("metric", "since"))
    db.table("rest").create({"week": str}, pk="week")
    db.table("scanned").create({"day": str, "count": int}, pk="day")
    db.table("undone").create({"act": str}, pk="act")


def m003_library(db: "Database") -> None:
    """Create the index of all works and of the sections that place them."""
    db.table("work").create(
        {
            "citekey": str,
            "origin": str,
            "title": str,
            "kind": str,
            "arxiv": str,
            "unidentified": int,
            "folded_title": str,
            "folded": str,
            "fields": str,
        },
        pk="citekey",
        not_null={"origin", "title", "kind", "unidentified", "folded_title", "folded", "fields"},
    )
    db.table("work").create_index(["arxiv"])
    db.table("work").create_index(["folded_title"])
    db.table("section").create(
        {
            "id": int,
            "parent": int,
            "list": str,
            "path": str,
            "position": int,
            "title": str,
            "total": int,
        },
        pk="id",
        not_null={"list", "path", "position", "title", "total"},
    )
    db.table("section").create_index(["path"], unique=True)
    db.table("reading_list").create(
        {
            "key": str,
            "position": int,
            "title": str,
            "origin": str,
            "reading_order": str,
            "purpose": str,
            "marks": str,
        },
        pk="key",
        not_null={"position", "title", "origin", "reading_order", "purpose", "marks"},
    )
    db.table("item").create(
        {"section": int, "position": int, "work": str, "tier": int, "marks": str},
        pk=("section", "position"),
        not_null={"work", "marks"},
    )
    db.table("item").create_index(["work"])


def m004_keeping_up(db: "Database") -> None:
    """Add what was explained to others, and what a list says against its own numbers."""
    db.table("shared").create({"id": str, "work": str, "day": str}, pk="id")
    db.table("shared").create_index(["work"])
    db.table("reading_list").add_column("caution", str)
    # The works' relations are indexed at both ends from here on.
    db.execute("delete from setting where key = 'catalog'")


def m005_sessions(db: "Database") -> None:
    """Add the session of a draft, and the days on which the minutes of a pass were read."""
    db.table("draft").add_column("session", str)
    db.table("draft").add_column("owner", str)
    db.table("sitting").create(
        {"reading": str, "work": str, "day": str, "minutes": int}, pk=("reading", "day")
    )
    db.table("sitting").create_index(["work"])


def m006_search(db: "Database") -> None:
    """Make the index of works fit for any number of them, and their words searchable.

    `work` is narrow, so that counting reads little; its text is in `searched`,
    folded, for `search` to find words in, and in `detail`, whole.
    """
    db.table("work").drop()
    db.table("work").create(
        {
            "number": int,
            "citekey": str,
            "origin": str,
            "title": str,
            "kind": str,
            "arxiv": str,
            "doi": str,
            "url": str,
            "year": int,
            "difficulty": str,
            "unidentified": int,
        },
        pk="number",
        not_null={"citekey", "origin", "title", "kind", "unidentified"},
    )
    db.table("work").create_index(["citekey"], unique=True)
    for column in ("origin", "arxiv", "doi", "url"):
        db.table("work").create_index([column])
    db.table("name").create({"folded": str, "work": int}, pk=("folded", "work"))
    db.table("name").create_index(["work"])
    db.table("detail").create({"work": int, "fields": str}, pk="work", not_null={"fields"})
    db.table("requirement").create({"work": str, "needs": str}, pk=("work", "needs"))
    words = ("title", "names", "body", "notes")
    db.table("searched").create(
        {"work": int, **dict.fromkeys(words, str)}, pk="work", not_null=set(words)
    )
    db.execute(
        "create virtual table search using fts5(title, names, body, notes, content='searched',"
        " content_rowid='work', prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    db.table("section").create_index(["list", "position"])
    db.table("reading").create_index(["depth", "read_on", "work"])
    for counted in ("done", "dropped"):
        db.table("section").add_column(counted, int, not_null_default=0)
    db.execute("delete from setting where key = 'catalog'")


def m007_merging(db: "Database") -> None:
    """Allow both events of a device that went on twice from one copied file.

    Two works may also have been added at one instant, on two devices.
    """
    db.execute("drop index idx_event_device_seq")
    db.table("event").create_index(["device", "seq"])
    db.table("item").drop()
    db.table("item").create(
        {"section": int, "position": int, "work": str, "tier": int, "marks": str},
        pk=("section", "position", "work"),
        not_null={"marks"},
    )
    db.table("item").create_index(["work", "section"])
    db.execute("delete from setting where key = 'catalog'")


def m008_imports(db: "Database") -> None:
    """Add the imports of lists, the works that wait to be made searchable, and merges."""
    db.table("reading_list").add_column("event", str)
    db.table("unsearched").create({"work": int}, pk="work")
    db.table("merged").create({"work": str, "target": str}, pk="work", not_null={"target"})
    db.table("merged").create_index(["target"])
    db.execute("delete from setting where key = 'catalog'")


def m009_views(db: "Database") -> None:
    """Define *full read* and *done*, once, for papertui and for everyone who queries the file."""
    db.create_view("full_read", "select work, read_on from reading where depth >= 2")
    # A work comes back from `parked` to `progress` on the day `parked_until`.
    db.create_view(
        "work_state",
        """
        select number, citekey as work, title, kind, arxiv, doi, url, year, difficulty,
            unidentified,
            coalesce(depth, 0) as depth,
            case depth when 1 then 'skimmed' when 2 then 'read' when 3 then 'reproduced'
                else 'to read' end as progress,
            rank, aside, iif(aside = 'parked', until, null) as parked_until, reason,
            coalesce(aside, case depth when 1 then 'skimmed' when 2 then 'read'
                when 3 then 'reproduced' else 'to read' end) as status,
            not unidentified and aside is not 'dropped' as counted,
            not unidentified and aside is not 'dropped' and coalesce(depth >= 2, 0) as done
        from work left join standing on standing.work = citekey
        """,
    )


def m010_rest_days(db: "Database") -> None:
    """Keep the day that a rest week was set or taken back for: weeks may begin elsewhere later."""
    db.table("rest").drop()
    db.table("rest").create({"day": str, "rest": int}, pk="day", not_null={"rest"})


def m011_names_as_one(db: "Database") -> None:
    """Have the words of all works written again, so that names are found as one and in parts."""
    db.execute("insert or ignore into unsearched select number from work")


def m012_bib_entries(db: "Database") -> None:
    """Keep the BibTeX entries of lists, with their keys, for names of works and the export."""
    db.table("bib_entry").create(
        {"list": str, "position": int, "citekey": str, "folded": str, "work": str, "entry": str},
        pk=("list", "position"),
        not_null={"citekey", "folded", "entry"},
    )
    db.table("bib_entry").create_index(["folded"])
    db.table("bib_entry").create_index(["work"])


def m013_new_papers(db: "Database") -> None:
    """Add the new papers that were fetched, and those that the reader has looked at.

    `seen` follows from the journal; `glance` holds a sitting that is not yet an event.
    """
    looked_at = {"arxiv": str, "day": str, "dismissed": int}
    for table in ("seen", "glance"):
        db.table(table).create(looked_at, pk="arxiv", not_null={"day", "dismissed"})
    db.table("seen").create_index(["day"])
    db.table("new_paper").create(
        {"arxiv": str, "announced": str, "fields": str},
        pk="arxiv",
        not_null={"announced", "fields"},
    )


def m014_own_edits(db: "Database") -> None:
    """Add what the reader did to own works and lists; `came` are the fields before an edit.

    An item has a fraction as its position if it was put between two others.
    """
    db.table("edited").create({"work": str, "fields": str}, pk="work", not_null={"fields"})
    db.table("detail").add_column("came", str)
    db.table("section_edit").create(
        {"section": str, "title": str, "position": float, "made": int, "removed": int},
        pk="section",
        not_null={"made", "removed"},
    )
    db.table("placed").create(
        {"work": str, "section": str, "position": float}, pk=("work", "section")
    )
    db.table("item").drop()
    db.table("item").create(
        {"section": int, "position": float, "work": str, "tier": int, "marks": str},
        pk=("section", "position", "work"),
        not_null={"marks"},
    )
    db.table("item").create_index(["work", "section"])
    db.execute("delete from setting where key = 'catalog'")


def m015_recall(db: "Database") -> None:
    """Add the questions that come back, and how well they were recalled."""
    db.table("card").create(
        {
            "work": str,
            "card": str,
            "question": str,
            "answer": str,
            "due": str,
            "active": int,
            "stability": float,
            "difficulty": float,
            "reviewed": str,
            "ratings": int,
            "last_rating": int,
        },
        pk=("work", "card"),
        not_null={"question", "answer", "due", "active", "ratings"},
    )
    db.table("card").create_index(["active", "due"])
    db.table("recalled").create(
        {"id": str, "work": str, "card": str, "day": str, "rating": int, "gap": int},
        pk="id",
        not_null={"work", "card", "day", "rating"},
    )
    db.table("recalled").create_index(["work"])
    db.table("recalled").create_index(["day"])


def m016_sync(db: "Database") -> None:
    """Add how far the files of the logs that devices exchange were read.

    A note names the other versions that its text was made of, if they were written apart.
    """
    db.table("note").add_column("others", str, not_null_default="")
    db.table("log_file").create(
        {
            "log": str,
            "name": str,
            "size": int,
            "modified": int,
            "read": int,
            "digest": str,
            "skipped": int,
        },
        pk=("log", "name"),
        not_null={"size", "modified", "read", "digest", "skipped"},
    )


def m017_group(db: "Database") -> None:
    """Add what the other members of the reading group show.

    `group_event` has their journals as far as they show them; the other tables follow from it.
    """
    db.table("group_event").create({"folder": str, **_EVENT}, pk=("folder", "id"))
    db.table("group_member").create({"folder": str, "name": str}, pk="folder", not_null={"name"})
    db.table("group_work").create(
        {"number": int, "title": str, "arxiv": str, "doi": str, "folded": str},
        pk="number",
        not_null={"title", "folded"},
    )
    for column in ("arxiv", "doi", "folded"):
        db.table("group_work").create_index([column])
    of_member = {"member": str, "work": int}
    db.table("group_pass").create({**of_member, "depth": int, "read_on": str})
    db.table("group_pass").create_index(["work"])
    db.table("group_pass").create_index(["read_on"])
    # A promise has no day or one to come, and is not `done`.
    db.table("group_explained").create({**of_member, "day": str, "done": int})
    db.table("group_explained").create_index(["work"])
    db.table("group_note").create(
        {**of_member, "note": str, "depth": int, "body": str, "saved": str, "utc_offset": int}
    )
    db.table("group_note").create_index(["work"])
    db.table("group_list").create({"id": str, "member": str, "title": str, "content": str})
    db.create_view(
        "group_match",
        """
        select citekey as work, group_work.number
        from work join group_work on group_work.arxiv = work.arxiv
        union
        select citekey, group_work.number
        from work join group_work on group_work.doi = work.doi
        union
        select citekey, group_work.number
        from work join name on name.work = work.number
            join group_work on group_work.folded = name.folded
        where coalesce(group_work.arxiv = work.arxiv, 1)
            and coalesce(group_work.doi = work.doi, 1)
        """,
    )


def m018_tags(db: "Database") -> None:
    """Add the tags and stars that the reader gave works; a tag is compared as it is `folded`."""
    db.table("tag").create(
        {"work": str, "folded": str, "tag": str}, pk=("work", "folded"), not_null={"tag"}
    )
    db.table("tag").create_index(["folded"])
    db.table("star").create({"work": str}, pk="work")


def m019_authors(db: "Database") -> None:
    """Search authors apart from other names, and years; the words of all works are written again.

    They are found as they are written, a little later.
    """
    words = ("title", "authors", "names", "body", "notes")
    db.table("search").drop()
    db.table("searched").drop()
    db.table("searched").create(
        {"work": int, **dict.fromkeys(words, str)}, pk="work", not_null=set(words)
    )
    db.execute(
        f"create virtual table search using fts5({', '.join(words)}, content='searched',"
        " content_rowid='work', prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    db.execute("insert or ignore into unsearched select number from work")


def m020_flat_lists(db: "Database") -> None:
    """Have own lists written again: a section titled as its list is the list itself."""
    db.execute("update reading_list set event = '' where event is not null")


def m021_minutes_and_notes_that_stay(db: "Database") -> None:
    """Have all that follows from the journal written again; no table changes.

    Notes stay on their pass, minutes on the days of their sittings, questions come back from the
    day of a note's first version, and works that were acted on outlast what brought them.
    """


STEPS: tuple[Callable[["Database"], None], ...] = (
    m001_journal,
    m002_projections,
    m003_library,
    m004_keeping_up,
    m005_sessions,
    m006_search,
    m007_merging,
    m008_imports,
    m009_views,
    m010_rest_days,
    m011_names_as_one,
    m012_bib_entries,
    m013_new_papers,
    m014_own_edits,
    m015_recall,
    m016_sync,
    m017_group,
    m018_tags,
    m019_authors,
    m020_flat_lists,
    m021_minutes_and_notes_that_stay,
)
NAMES = tuple(step.__name__ for step in STEPS)
# The last step after which the tables that follow from the journal must be written again.
LAST_REBUILD = m021_minutes_and_notes_that_stay.__name__


def applied(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the steps a database has taken, by plain SQL and so fast."""
    known = connection.execute(
        "select 1 from sqlite_master where name = '_sqlite_migrations'"
    ).fetchone()
    if not known:
        return []
    found = connection.execute("select name from _sqlite_migrations where migration_set = ?", [SET])
    return [name for (name,) in found.fetchall()]


def apply(connection: sqlite3.Connection, stop_before: str | None = None) -> None:
    """Take the steps not yet taken, inside the caller's transaction."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations(SET)
    for step in STEPS:
        migrations()(step)
    migrations.apply(Database(connection, execute_plugins=False), stop_before=stop_before)
