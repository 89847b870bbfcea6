"""``python3 -m tests.photographs``: the whole race as everybody sees it, photographed and looked over."""
