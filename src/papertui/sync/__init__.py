"""Journals exchanged between the reader's devices, through git or a shared folder."""
