"""The works that a name means: what the reader types, or a command is given."""

import json
from collections.abc import Sequence

from papertui.core import identifiers
from papertui.core.search_words import Words, parse_query
from papertui.core.text import clipped, safe_line, title_key, valid_unicode
from papertui.errors import Refused
from papertui.storage.bib_entries import BibEntries
from papertui.storage.database import Database
from papertui.storage.merged_works import CITEKEY, works_with_merged
from papertui.storage.work_queries import MAX_NAME, WorkQueries

MAX_CANDIDATES = 10
MAX_SHORT = 3  # letters of a word that may be a day of the week or a month, as typed


class WorkNames:
    """Finds works by their names. A method may raise DatabaseError."""

    def __init__(self, database: Database, works: WorkQueries) -> None:
        self._db = database
        self._works = works

    def named(self, name: str, *, whole: bool = False, in_line: bool = False) -> list[str]:
        """Return the citekeys of the works that `name` may mean.

        A name is an arXiv id, a DOI, an ISBN, an address, which may hold one of these, a
        citekey, the key of a BibTeX entry, both in any case, a whole title or alias, or a part
        of one from the beginning of a word on, or words of its title and its authors; the first
        of these that fits decides. Scripts that part no words may fit anywhere. With `whole`, no
        part of a title or alias, and no author, names a work. A work has the ids and addresses
        of those that were merged into it too, where no other has them. What follows a name
        `in_line` is the pass, the day and the minutes, which are no words of it.
        """
        name = valid_unicode(name)
        ids = identifiers.named_ids(name)
        if ids.arxiv and (works := self._citekeys("arxiv = ?", ids.arxiv)):
            return works
        if ids.doi and (works := self._citekeys("doi = ?", ids.doi.lower())):
            return works
        if ids.url and (works := self._by_address(ids.url)):
            return works
        if any(ids) and (works := works_with_merged(self._db, ids)):
            return works
        if citekey := self._works.current(name):
            return [citekey]
        if keyed := self._by_key(name):
            return keyed
        if citekey := self._works.current(name.lower()):
            return [citekey]
        if not (wanted := title_key(name)):
            return []
        part = ("instr(' ' || folded, ' ' || ?)",) if not whole else ()
        anywhere = ("instr(folded, ?)",) if part and not wanted.isascii() else ()
        fits = "folded = ?", *part, *anywhere
        works = next(filter(None, (self._by_name(fit, wanted) for fit in fits)), [])
        return works or ([] if whole else self._by_words(name, in_line))

    def resolve(self, name: str, but: str = "") -> str:
        """Return the citekey of the work that `name` means: another than `but`, if one fits.

        Raises Refused if no work or several works fit.
        """
        return self._only(name, self.named(name), but)

    def resolve_in_line(self, name: str, *, whole: bool = False) -> str:
        """Return the work that a name in a line with a pass means, as `named` does.

        Raises Refused if no work or several works fit.
        """
        return self._only(name, self.named(name, whole=whole, in_line=True))

    def _only(self, name: str, fitting: Sequence[str], but: str = "") -> str:
        matches = [work for work in fitting if work != but] or fitting
        if len(matches) == 1:
            return matches[0]
        shown = repr(clipped(name, MAX_NAME))
        if not matches:
            raise Refused(
                f"No work fits {shown}: give a part of its title, an author, an arXiv id, a DOI or"
                " a citekey."
            )
        limit = MAX_CANDIDATES + (len(matches) == MAX_CANDIDATES + 1)
        keys = BibEntries(self._db).keys(matches[:limit])
        lines = [
            f"  {keys.get(work, work)}  {safe_line(self._works.title(work))}"
            for work in matches[:limit]
        ]
        if more := matches[limit:]:
            lines.append(f"  and {len(more)} more")
        raise Refused("\n".join([f"Several works fit {shown}; name one:", *lines]))

    def completions(self, line: str, but: str = "") -> list[str]:
        """Return a line that begins with a name, with the key of each work that it may mean."""
        words = line.split()
        for end in range(len(words), 0, -1):
            name = " ".join(words[:end])
            begun = self._citekeys("instr(citekey, ?) = 1", name.lower())
            found = [
                key
                for key in dict.fromkeys((*begun, *self.named(name, in_line=True)))
                if key != but
            ]
            if found and len(title_key(name)) > 1:
                # A citekey that is begun is completed; any other work has the name it is listed by.
                keys = BibEntries(self._db).keys([key for key in found if key not in begun])
                return [" ".join([keys.get(key, key), *words[end:]]) for key in found]
        return []

    def _by_address(self, url: str) -> list[str]:
        addresses = identifiers.same_addresses(identifiers.address_key(url))
        return self._citekeys("url in (select value from json_each(?))", json.dumps(addresses))

    def _by_key(self, key: str) -> list[str]:
        """Return the works with entries of a BibTeX key, those spelt just so if there are any."""
        rows = self._db.rows(
            f"select distinct {CITEKEY.format('bib_entry.work')}, bib_entry.citekey = ? as exact"
            " from bib_entry join work on work.citekey ="
            f" {CITEKEY.format('bib_entry.work')} where folded = ? order by number",
            key, key.lower(),
        )  # fmt: skip
        exact = [work for work, is_exact in rows if is_exact]
        return exact or [*dict.fromkeys(work for work, _ in rows)]

    def _by_words(self, name: str, in_line: bool) -> list[str]:
        """Return the works that have words in their titles and authors.

        In a line, what begins with a digit may be the pass, the day or the minutes, and short
        words are whole.
        """
        words = parse_query(name).narrow
        if not words or (in_line and any(part[0].isdigit() for part in name.split())):
            return []
        # Beginnings of short words fit too much where the words themselves do.
        wholes = (True,) if in_line else (True, False)
        return next(filter(None, (self._with_words(words, whole) for whole in wholes)), [])

    def _with_words(self, words: Words, whole: bool) -> list[str]:
        """Return the works with words, or with beginnings; of short words whole ones, if asked."""
        # Only a name that is none needs it.
        from papertui.storage.search import matching

        conditions = (
            matching(word, whole=whole and all(len(spelling) <= MAX_SHORT for spelling in word))
            for word in words
        )
        return self._citekeys(
            "number in (select rowid from search where search match ?)",
            " AND ".join(f"{{title authors}} : {condition}" for condition in conditions),
        )

    def _citekeys(self, condition: str, value: str | int) -> list[str]:
        rows = self._db.rows(f"select citekey from work where {condition} order by number", value)
        return [citekey for (citekey,) in rows]

    def _by_name(self, condition: str, value: str) -> list[str]:
        rows = self._db.rows(
            "select distinct citekey from name join work on number = name.work"
            f" where {condition} order by number",
            value,
        )
        return [citekey for (citekey,) in rows]
