"""The commands of `convocation` that need the server."""
