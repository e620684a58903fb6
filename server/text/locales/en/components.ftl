# Words of components.
