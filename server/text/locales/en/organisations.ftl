# Words of organisations.
