# Words of allocations.
