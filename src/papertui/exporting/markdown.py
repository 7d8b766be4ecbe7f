"""Works and notes as Markdown."""

from papertui.core.catalog import Work
from papertui.core.journal import WorkRecord


def explanation(work: Work, record: WorkRecord) -> str:
    """Return a work explained, to paste to somebody: its idea, and the reader's own notes."""
    names = ", ".join(work.authors[:3]) + (" and others" if len(work.authors) > 3 else "")
    by = ", ".join(part for part in (names, str(work.year or "")) if part)
    page = f"<{work.page}>" if work.page else ""
    parts = [
        f"## {work.title}",
        " · ".join(part for part in (by, page) if part),
        work.summary or "",
        f"**The idea:** {work.insight}" if work.insight else "",
        f"**Why it matters:** {work.matters}" if work.matters else "",
        *(["**My notes:**"] if record.notes else []),
        *(note.body.strip() for note in record.notes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
