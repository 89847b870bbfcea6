"""What came of a rehearsal: the log held against what everybody sent, was told and was offered."""
