"""Formats of text that the engine does not write: well-formed XML, CSV for spreadsheets."""
