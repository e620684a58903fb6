# Words of finance.
