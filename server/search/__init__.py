"""Search by words: pages, suggestions, and the index that answers."""
