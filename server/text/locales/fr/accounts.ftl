# Words of accounts.
