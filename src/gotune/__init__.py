"""Fine-tune text transformers on the Gene Ontology, and use them on real biology text."""
