"""Who is asking: names, cookies, staff links, the entrance. Nothing of this is ever in a log."""
