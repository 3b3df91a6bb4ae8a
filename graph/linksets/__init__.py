"""Link sets: which things of other graphs are things of this one, in SSSOM files with evidence and reviews."""
