"""Where to read about a term."""

from __future__ import annotations

from urllib.parse import quote

_AMIGO = "https://amigo.geneontology.org/amigo/term/"


def term_page(go_id: str) -> str:
    """Return the address of a term's page in AmiGO, which shows the current release."""
    return _AMIGO + quote(go_id, safe=":")
