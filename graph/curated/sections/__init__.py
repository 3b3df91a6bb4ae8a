"""One module for each kind of thing that a curated file can hold; a class with a `SECTION` is a section."""
