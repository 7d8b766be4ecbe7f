"""The reader's works and notes in formats that outlive papertui."""
