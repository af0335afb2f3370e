"""The rules by which a comment's parent is found: declared, said, or seen from what is open."""
