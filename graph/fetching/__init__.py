"""Downloads files of public sources and unpacks archives."""
