"""The processes of the app: a warm player, a trainer for each training, and the room that keeps both. No torch here."""
