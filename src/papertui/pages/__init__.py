"""What the reader reads, as lines of styled text: the same for the screen and the shell."""
