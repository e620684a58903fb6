# Words of reviews.
