"""What a game should give a pupil to play next."""
