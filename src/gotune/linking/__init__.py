"""From text to the terms that it means: search over the labels of a release, and annotation of documents."""
