"""One file a revision; the operations are written out, so that an old revision never changes."""
