"""The chained log of every stream, its snapshots, and what is kept beside it."""
