"""Checks a graph that was changed or restored, as a build checks the one it made, and keeps the report beside it."""

from graph.store.embedded import EmbeddedStore
from graph.terms import has_blank
from graph.updates.writer import Write
from graph.validate.incremental import incremental
from graph.validate.reports import keep_changes, keep_report
from graph.validate.whole import judged, refuse


def validate(write: Write) -> None:
    """Check what a change reaches, if known, else the whole graph; raise ShapeError if it breaks a shape."""
    store = write.store.reading()
    # a blank node that was touched: the store knows it by another name than the update
    if write.touched is None or any(has_blank(each.subject, each.object) for each in write.touched):
        keep_report(write.folder, judged(store))
        return
    found = incremental(EmbeddedStore.open(write.before.store), store, write.touched)
    refuse(found.findings)
    keep_changes(write.before.folder, write.folder, found)
