"""Measures Convocation: on the bundled data, and beside the native Oxigraph server on the same 90,000 papers.

Run `python -m benchmarks`; README.md says what is measured and holds the last results. Nothing here is a test.
"""
