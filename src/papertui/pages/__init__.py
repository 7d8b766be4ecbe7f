"""The pages: data gathered from the store, laid out as lines for the screen and the shell."""
