"""Tools for importers: records, files, text, and readers of JSON and XML."""
