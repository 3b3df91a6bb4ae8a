"""What an importer may use: records, files, text, and readers of JSON and XML."""
