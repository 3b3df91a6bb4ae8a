"""The versions of the graph in a data folder: publication, checksums, and files derived from the store."""
