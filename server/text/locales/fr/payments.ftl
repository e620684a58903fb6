# Words of payments.
