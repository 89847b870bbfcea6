"""Templates, languages and fragments: what anybody sees."""
