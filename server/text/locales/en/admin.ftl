# Words of admin.
