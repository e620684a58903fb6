# Words of public.
