"""XML that anybody may have written: no entity is expanded, no other file opened, no address called."""

from __future__ import annotations

import re
from typing import Any

from gotune.errors import InputError

_DECLARATION = re.compile("<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)")


def parse_xml(text: str, where: str, *, root: str, what: str, do: str, error: type[InputError]) -> Any:  # noqa: ANN401 (lxml has no types)
    """Return the root element of an XML document, without comments and processing instructions.

    A document type may be named, as in ``<!DOCTYPE collection SYSTEM "BioC.dtd">``, but is not looked for;
    one that declares anything in the document itself is refused.

    Args:
        text: The document. It has been decoded, so that the encoding which it names does not matter.
        where: The file, for messages.
        root: Name of the element that it has to be.
        what: What was expected, for messages.
        do: What to do about something else, as a sentence.
        error: Kind of the error.

    Raises:
        InputError: Of the kind ``error``: it is not well-formed, nested too deeply or another document; or it
            has declarations or references to entities that XML itself does not have.
    """
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    found = ""
    # What is declared takes effect while the document is parsed, so it is looked for before.
    if _DECLARATION.search(text):
        found = "a document type with declarations"
    else:
        try:
            tree = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as exc:
            found = str(exc)
        else:
            if (entity := next(tree.iter(etree.Entity), None)) is not None:
                found = f"the entity {entity.text} in line {entity.sourceline}"
            elif tree.tag != root:
                found = f"<{tree.tag}>"
    if found:
        raise error(where, expected=what, found=found, do=do)
    return tree
