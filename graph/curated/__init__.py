"""Curated files: what a document says, typed in by a person, one entry for one place in the document.

To add a document: write `graph/data/curated/<source>.yaml`; the JSON Schema beside it helps an editor to complete.
To add a section: write a class with a `section` in `graph/curated/sections/<kind>.py`.
"""
