# Words of accounts.
sign-up-title = Créer un compte
sign-up-intro = Deux minutes, sans document. Vous décrirez votre entreprise ensuite.
sign-up-name = Votre nom
sign-up-password = Mot de passe, 12 caractères au moins
sign-up-submit = Créer le compte
sign-up-privacy = Nous conservons votre nom et votre adresse pour gérer votre compte.
sign-up-privacy-link = Protection des données
sign-up-have-account = J’ai déjà un compte
sign-up-sent-title = Consultez votre messagerie
sign-up-sent-text = Nous vous avons envoyé un message avec un lien. Ouvrez-le dans les 24 heures pour continuer.
sign-up-sent-demo = C’est le monde de démonstration : lisez le message ici
confirm-title = Confirmer votre adresse
confirm-text = Un clic, et l’adresse est à vous.
confirm-submit = Confirmer l’adresse
confirm-done = Merci, l’adresse est confirmée.
link-expired-title = Ce lien ne fonctionne plus
link-expired-text = Il a déjà servi ou il a expiré. Demandez-en un nouveau là où vous aviez demandé celui-ci.
forgotten-title = Mot de passe oublié
forgotten-text = Indiquez votre adresse et nous vous enverrons un lien pour choisir un nouveau mot de passe.
forgotten-submit = Envoyer le lien
forgotten-sent = Si un compte existe avec cette adresse, un message avec un lien est en route.
reset-title = Choisir un nouveau mot de passe
reset-submit = Enregistrer le mot de passe
reset-done = Le nouveau mot de passe est enregistré. Connectez-vous avec lui.
account-title = Votre compte
account-about = À propos de vous
account-language = Langue des messages
account-save = Enregistrer
account-saved = Enregistré.
account-address = Adresse électronique
account-address-now = Votre adresse est { $address }.
account-new-address = Nouvelle adresse
account-address-submit = Changer l’adresse
account-address-asked = Nous avons écrit aux deux adresses. Le changement se fera quand vous aurez confirmé les deux.
account-old-password = Mot de passe actuel
account-password-submit = Changer le mot de passe
account-password-changed = Le mot de passe est changé. Vos autres navigateurs sont déconnectés.
language-en = English
language-fr = Français
sessions-title = Où vous êtes connecté
sessions-caption = Navigateurs connectés à votre compte
sessions-browser = Navigateur
sessions-browser-name = { $browser } sur { $system }
sessions-browser-unknown = Navigateur inconnu
sessions-seen = Dernière utilisation
sessions-action = Action
sessions-this = Ce navigateur
sessions-revoke = Déconnecter
sessions-revoke-others = Déconnecter partout ailleurs
sessions-revoked = Déconnecté.
home-your-turn = À vous de jouer
home-what = À faire
home-when = Quand et pourquoi
home-is-late = En retard
home-nothing = Rien ne vous attend
home-nothing-help = Ce qui a besoin de vous apparaît ici, avec le jour limite.
home-until = jusqu’au { $at }
home-starts = début le { $at }
home-register = Enregistrez votre organisation
home-register-note = Vous pourrez alors déposer une demande. Si des collègues l’ont déjà fait, demandez-leur une invitation.
home-read-modes = Découvrez les voies d’accès aux heures GPU
home-read-modes-note = Playground, fast lane et large scale : qui peut, combien, en combien de temps.
home-choose-mode = Commencer une demande
home-tell-size = Indiquez votre taille
home-tell-size-note = Le prix et les voies d’accès en dépendent.
home-vat-invalid = Vérifiez votre numéro de TVA
home-vat-invalid-note = Le registre de son pays ne le connaît pas.
home-answer-offer = Répondez à l’offre pour { $reference }
home-finish-draft = Terminez la demande « { $title } »
home-untitled = Sans titre
home-pay = Payez la facture { $number } : { $amount }
home-hours-left = Heures restantes
home-under-way = Demandes en cours
home-to-pay = À payer
home-applications = Demandes
home-application = Projet
home-all-applications = Toutes les demandes
home-finish-review = Terminez votre évaluation de { $reference }, { $organisation }
home-answer-asked = Dites si vous évaluez { $reference }
home-run = Voir le calcul du { $at } : il n’est pas publié
home-take-next = { $count ->
    [one] Prenez la demande qui attend un évaluateur
   *[other] Prenez la première des { $count } demandes qui attendent un évaluateur
}
home-reviews-mine = Évaluations commencées
home-reviews-waiting = En attente d’un évaluateur
home-decide = Décidez de { $reference }, { $organisation }
home-countersign = Donnez la seconde signature pour { $reference }, { $organisation }
home-more-to-decide = D’autres attendent une décision : les voir toutes
home-more-to-sign = D’autres attendent une seconde signature : les voir toutes
home-match = { $count ->
    [one] Trouvez de la capacité pour une demande approuvée
   *[other] Trouvez de la capacité pour { $count } demandes approuvées
}
home-late = En retard
home-offers-out = Offres en attente de réponse
home-confirm-booking = Ouvrez le projet de { $organisation } pour { $reference }
home-running = Allocations en cours
home-last-reading = Dernier relevé
home-no-reading = Aucun encore
home-refused-readings = Relevés refusés en sept jours
home-unmatched = { $count ->
    [one] Examinez un paiement sans facture correspondante
   *[other] Examinez { $count } paiements sans facture correspondante
}
home-failed-mails = { $count ->
    [one] Examinez un message qui n’a pu être remis
   *[other] Examinez { $count } messages qui n’ont pu être remis
}
home-overdue = { $count ->
    [one] Une facture est en retard
   *[other] { $count } factures sont en retard
}
home-open = Ouvert
home-overdue-sum = En retard
home-parked = { $count ->
    [one] Examinez une tâche abandonnée
   *[other] Examinez { $count } tâches abandonnées
}
home-parked-jobs = Tâches abandonnées
home-waiting-jobs = Tâches à venir
