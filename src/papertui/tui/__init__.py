"""The app: screens that own state and ask the store, widgets that show it."""
