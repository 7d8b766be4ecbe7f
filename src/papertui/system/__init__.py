"""The machine outside papertui: files, clock, browser, clipboard, editor, crash log."""
