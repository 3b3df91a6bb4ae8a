"""What pages show of terms, rows and things."""
