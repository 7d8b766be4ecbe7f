"""The rules: works, lists, the journal, weeks. Pure: no SQL, no files, no clock, no screen."""
