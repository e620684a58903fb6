# Words of invoices.
