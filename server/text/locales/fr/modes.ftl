# Words of modes.
