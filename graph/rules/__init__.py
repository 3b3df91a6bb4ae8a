"""The consistency rules: each file of `shapes/rules/` is one, and so the folder is the registry.

A rule is a query with a header. It gives one row for each instance that it examines, with an `?outcome`. Where SPARQL
cannot decide, `graph/rules/judges/<rule>.py` does: the query then selects the candidates.
"""
