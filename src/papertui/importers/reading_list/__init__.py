"""Reading lists as people write them: text to blocks, blocks to sections and works."""
