"""Genes and proteins: what describes them, files of their GO annotations, how good suggested terms are."""
