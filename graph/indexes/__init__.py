"""The search index, the statistics and the lists of a version, derived from its store."""
