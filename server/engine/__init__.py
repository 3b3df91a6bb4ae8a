"""Answers queries of strangers in processes that can be stopped.

The engine process opens the current version and forks workers, which share its pages and one listening socket. A worker
that passes its deadline is ended by the kernel's timer, one that passes its memory by the kernel's limit; another is
forked in its place. The web asks through `client`, and never evaluates such a query itself.
"""
