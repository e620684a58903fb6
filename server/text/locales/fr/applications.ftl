# Words of applications.
mail-received-subject = { $reference } : votre demande est arrivée
mail-received-text =
    Nous avons reçu votre demande { $reference }. La réponse est due le { $due } au plus tard.

    Vous n’avez rien à faire d’ici là. La page de la demande montre à tout moment qui doit agir.
mail-received-action = Suivre votre demande
