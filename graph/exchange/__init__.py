"""Dumps, restores, differences and descriptions of versions."""
