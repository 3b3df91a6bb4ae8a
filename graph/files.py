"""Where the bundled files are, in a checkout and in an installed wheel alike."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
CODES = ONTOLOGY / "codes"
ALIGNMENTS = ONTOLOGY / "align"
QUESTIONS = ONTOLOGY / "questions"
SHAPES = ROOT / "shapes"
QUERIES = ROOT / "graph" / "queries"
CURATED = ROOT / "graph" / "data" / "curated"
CURATION = ROOT / "graph" / "data" / "curation.yaml"
