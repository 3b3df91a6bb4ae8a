"""What every request and response has: errors, headers, caching, compression, limits, logs."""
