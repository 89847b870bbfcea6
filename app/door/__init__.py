"""Coming in: codes, joining, staff links."""
