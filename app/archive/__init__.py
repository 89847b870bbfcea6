"""Development-project records: what they say, where they are kept, how they are exported and proved."""
