"""What the server is compared with: each does one thing, in as few lines as it takes."""
