"""What a simulated person has before them: cookies, a page that is loaded once and kept up, its forms, an outbox."""
