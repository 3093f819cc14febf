"""Genes and proteins: what describes them, the files of their GO annotations, and how good suggestions of terms are."""
