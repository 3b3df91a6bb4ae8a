"""What the operating system gives: files as streams, locks, disk space, progress, interruptions."""
