"""Genes and proteins: what describes them, and the files that hold their GO annotations."""
