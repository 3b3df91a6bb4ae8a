"""The operating system: files as streams, locks, disk space, progress, interruptions."""
