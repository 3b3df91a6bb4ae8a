"""The headers that every answer has, whoever gives it."""

from server.http.policy import POLICY

READ = "Allow, ETag, Link, Location, Retry-After, Server-Timing, X-Convocation-Rows, X-Convocation-Version"
OPEN = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", READ))  # nothing depends on cookies
SAFE = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin-when-cross-origin"))
FIXED = (("Content-Security-Policy", POLICY), *SAFE, *OPEN)
