"""From the files of sources to a published version: records, ledgers, who is who, the resolved view."""
