# Words of applications.
