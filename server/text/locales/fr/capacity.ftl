# Words of capacity.
