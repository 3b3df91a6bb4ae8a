"""XML of strangers: no entity is replaced, no network is asked, and what is too deep or too long is refused."""

from typing import Any

from lxml import etree

from graph.errors import ImportFileError
from graph.sources.file import SourceFile


def tree(file: SourceFile, root: str) -> Any:
    """Return the root element of a file; raise ImportFileError if it is not well-formed, is hostile, or another one."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        found = etree.fromstring(file.whole(), parser)
    except etree.XMLSyntaxError as error:
        line, _ = error.position
        raise ImportFileError(f"{file.path}, line {line}: this is no XML: {error.msg}; fetch it again.") from error
    types = found.getroottree().docinfo.internalDTD
    if types is not None and any(types.iterentities()):
        raise ImportFileError(f"{file.path} declares entities, which may be a bomb; remove them.")
    if found.tag != root:
        raise ImportFileError(f"{file.path} has <{found.tag}> where <{root}> is expected; is it of another source?")
    return found


def text(element: Any) -> str:
    """Return the text in an element and those in it; of one that is not there, nothing."""
    return "" if element is None else "".join(element.itertext())
