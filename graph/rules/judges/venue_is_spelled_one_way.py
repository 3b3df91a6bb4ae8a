"""Decides whether a printed place spells the name of its venue otherwise."""

from graph.rules.judges.organization_is_spelled_one_way import judge

__all__ = ["judge"]
