# Words of allocations.

mail-offer-made-subject = { $reference } : une offre de { $hours } à { $site }
mail-offer-made-text =
    Votre demande { $reference } a reçu une offre : { $gpus } { $model } à { $site } à partir du { $day }, soit { $hours } au total.

    Ces GPU vous sont réservés jusqu’au { $expires }. D’ici là, vous pouvez accepter, choisir un autre créneau ou refuser. Ensuite, ils sont libérés et nous cherchons un autre créneau.
mail-offer-made-action = Voir l’offre

mail-offer-lapsed-subject = { $reference } : l’offre a expiré
mail-offer-lapsed-text =
    L’offre pour { $reference } est restée sans réponse et les GPU ont été libérés. Votre accord reste valable.

    Vous n’avez rien à faire : dès qu’un autre créneau convient, vous recevez une nouvelle offre.
mail-offer-lapsed-action = Ouvrir la demande

mail-allocation-confirmed-subject = { $reference } : { $site } est prêt
mail-allocation-confirmed-text =
    { $site } a ouvert votre projet pour { $reference }. Vous pouvez utiliser vos GPU à partir du { $day }.

    La page de votre allocation indique comment vous connecter et montre votre consommation.
mail-allocation-confirmed-action = Voir comment se connecter

mail-usage-warning-subject = { $reference } : { $percent } % de vos heures-GPU sont utilisées
mail-usage-warning-text =
    { $percent } % des heures-GPU de { $reference } sont utilisées. Il reste { $left }, et votre créneau court jusqu’au { $day }.

    Ce qui dépasse l’attribution ne vous est pas facturé, mais le site peut arrêter les calculs quand il ne reste rien.
mail-usage-warning-action = Voir la consommation par jour

mail-allocation-ended-subject = { $reference } : votre allocation est terminée
mail-allocation-ended-text =
    Les semaines de { $reference } sont écoulées. Vous avez utilisé { $used } sur { $granted } ; le reste a été rendu.

    Une facture, ou un relevé si tout était subventionné, suit par courriel.
mail-allocation-ended-action = Voir ce qui a été utilisé
