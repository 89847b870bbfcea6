"""What the house says in public of what proves its exports."""
