"""The reader's works and words in formats that outlive papertui."""
