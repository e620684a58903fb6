# What follows an award: changes, instalments, reports.
problem-not-possible-now = Cela ne peut pas être demandé pour le moment.
problem-already-asked = Cela a déjà été demandé et attend une réponse.
problem-report-overdue = Un rapport final de votre organisation est en retard. Remettez-le d’abord ; vous pourrez ensuite déposer de nouvelles demandes.

nav-actions = Changements
action-kind-supplement = Davantage d’heures-GPU
action-kind-extension = Une fin plus tardive
action-kind-transfer = Un autre début
action-kind-advance = Une avance sur une allocation ultérieure
action-kind-renewal = Renouvellement
action-kind-hand-back = Rendre des heures
action-means-supplement = Jusqu’à la moitié de ce qui a d’abord été accordé, au même prix. Un responsable décide ; des GPU sont ajoutés si le temps restant est trop court.
action-means-extension = Jusqu’à 13 semaines de plus pour les mêmes heures, si les GPU sont alors libres. Un responsable décide.
action-means-transfer = Les mêmes semaines, à partir d’un autre lundi, jusqu’à 13 semaines plus tard. Un responsable décide.
action-means-advance = Jusqu’à un quart d’une allocation qui n’a pas commencé, dès maintenant ; il en est déduit. Un responsable décide.
action-means-renewal = Une nouvelle demande, remplie à partir de celle-ci. Elle est évaluée comme toute autre.
action-means-hand-back = Les heures dont vous n’avez pas besoin vont à d’autres. L’effet est immédiat et définitif.
action-when-supplement = Possible tant que l’allocation court, jusqu’à la moitié de ce qui a d’abord été accordé.
action-when-extension = Possible tant que l’allocation court, pour 13 semaines en tout.
action-when-transfer = Possible jusqu’au premier jour.
action-when-advance = Possible à partir du premier jour.
action-when-renewal = Possible de huit semaines avant le dernier jour à huit semaines après.
action-when-hand-back = Possible tant qu’il reste des heures.
action-waits = Demandé ; chez un responsable du programme jusqu’au { $due }
after-title = Demander un changement
after-history = Changements demandés
after-kind = Changement
after-state = État
after-asked = Demandé le
after-requested = Demandé
after-awarded = Accordé
after-reason = Motifs
after-withdraw = Retirer
after-withdraw-of = Retirer : { $what }
action-state-asked = Chez un responsable
action-state-unsigned = Chez un second responsable
action-state-approved = Accepté
action-state-refused = Refusé
action-state-withdrawn = Retiré
action-state-done = Fait
action-asked-flash = Votre demande est chez un responsable du programme. La réponse vous parviendra par courriel.
action-done-flash = Les heures sont rendues.
action-renewed-flash = Une nouvelle demande est remplie à partir de l’ancienne. Vérifiez-la et déposez-la.
action-withdrawn-flash = La demande est retirée.
action-decided-flash = La décision est enregistrée.
action-signed-flash = Le changement est signé et en vigueur.
action-sent-back-flash = La demande est de nouveau ouverte.
change-hours = { $hours }
change-weeks = { $weeks ->
    [one] { $weeks } semaine
   *[other] { $weeks } semaines
}
change-start = à partir du { $day }
change-nothing = –
action-hours = Heures-GPU
action-hours-left = Il reste { $hours }.
action-weeks = Semaines de plus
action-start = Nouveau premier jour
action-start-hint = Les semaines commencent le lundi : c’est le lundi du jour choisi qui compte.
action-later = Déduites de
action-later-choose = Choisissez une allocation
action-later-option = { $reference }, { $hours } à partir du { $day }
action-no-later = Vous n’avez pas d’allocation ultérieure, financée par les mêmes fonds publics, qui n’ait pas commencé.
action-end = Les semaines
action-end-early = Finir aussi tôt que les heures le permettent
action-end-keep = Garder mon dernier jour
action-why = Pourquoi ?
action-why-hint = Un responsable décide d’après ce que vous écrivez ici.
action-show = Voir l’effet et le prix
action-ask = Demander
action-hand-back-show = Voir ce que cela change
action-hand-back-submit = Rendre ces heures
action-renew = Commencer une nouvelle demande
action-due = Vous aurez une réponse au plus tard le { $due }.
action-effect = Ce que cela change
action-effect-hours = Heures-GPU accordées
action-effect-left = Heures-GPU restantes
action-effect-gpus = GPU simultanés
action-effect-first = Premier jour
action-effect-last = Dernier jour
action-effect-from-to = { $before } → { $after }
action-effect-ends = L’allocation prend fin aussitôt, puisque rien n’en a été utilisé.
action-effect-frees = { $gpus } GPU sont libres pour d’autres à partir du { $day }.
action-effect-deducted = Il reste { $hours } de l’allocation ultérieure, jusqu’au { $day }.
action-price-more = Ce que cela ajoute au prix
action-price-less = Ce que cela retire du prix
action-price-more-total = À payer en plus, au maximum
action-price-less-total = À payer en moins, au maximum
action-price-none = Le prix ne change pas.
actions-title = Changements et rapports
actions-waiting = Changements en attente de réponse
actions-reports = Rapports en attente d’approbation
actions-past = Dernières réponses
actions-none = Aucun changement n’attend de réponse
actions-none-help = Quand une entreprise demande davantage d’heures, une fin plus tardive ou un autre début, cela apparaît ici avec la date limite.
actions-no-reports = Aucun rapport n’attend d’approbation
actions-no-reports-help = Les rapports finals et intermédiaires apparaissent ici dès que les entreprises les remettent.
action-case-why = Ce que l’entreprise écrit
action-case-recommended = Recommandé
action-outcome = Décision
action-outcome-approved = Accepter
action-outcome-refused = Refuser
action-amount-hours = Heures à accorder
action-amount-weeks = Semaines à accorder
action-amount-hint = Au plus ce qui a été demandé ; sans objet pour un refus. Au-delà du plafond des attributions, un second responsable signe.
action-reason = Motifs
action-reason-hint = L’entreprise les lit tels que vous les écrivez ici.
action-decide = Décider
action-sign-help = Avec ce changement, l’attribution dépasse le plafond. Si vous approuvez la décision et ses motifs, signez-la.
action-sign = Signer le changement
action-to-allocation = Voir l’allocation

instalment-note = { $hours } de plus attendent votre rapport intermédiaire. Elles sont utilisables dès qu’il est approuvé.
report-kind-interim = Rapport intermédiaire
report-kind-final = Rapport final
report-title = { $kind } sur { $reference }
reports-title = Rapports
report-state-open = À vous, au plus tard le { $due }
report-state-returned = Renvoyé, à rendre au plus tard le { $due }
report-state-handed_in = Chez un responsable du programme
report-state-approved = Approuvé
report-overdue = En retard
report-write = Rédiger le rapport
report-read = Lire le rapport
report-lead-final = Trois mois après la fin d’une allocation, le programme doit savoir ce qu’elle a donné. Tant que ce rapport est en retard, votre organisation ne peut pas déposer de nouvelles demandes.
report-lead-interim = Une fois ce rapport approuvé par un responsable, la seconde partie de votre attribution, { $hours }, est utilisable.
report-not-yet = Il peut être remis à partir du premier jour de l’allocation, tant qu’elle court.
report-due = Échéance
report-results = Ce qui en est résulté
report-results-hint = Les résultats, même ceux qu’on n’espérait pas ; au moins dix mots.
report-hours-use = À quoi les heures-GPU ont servi
report-hours-use-hint = Par étapes de votre plan. S’il restait des heures : pourquoi.
report-publications = Publications, modèles, produits
report-problems = Ce qui n’a pas marché sur le site ou chez nous
report-acknowledged = Tout ce que nous en publions nomme le programme, le site et la référence de l’attribution.
report-acknowledgement = Texte à copier
report-acknowledgement-text = Ce travail a été réalisé avec du temps de calcul de Gigahours à { $site }, attribution { $reference }.
report-save = Enregistrer pour plus tard
report-hand-in = Remettre le rapport
report-saved-flash = Le rapport est enregistré.
report-handed-in-flash = Le rapport est remis. Un responsable le lit.
report-decided-flash = La décision sur le rapport est prise.
report-outcome-approved = Approuver
report-outcome-returned = Renvoyer à l’entreprise
report-reason-hint = L’entreprise le lit. Nécessaire pour renvoyer un rapport.
report-decide = Décider du rapport
report-releases = L’approbation libère { $hours }.
report-officer-said = Ce que le responsable a écrit
report-owed = Rapports que vous devez
home-report = { $kind } sur { $reference }
home-actions = { $count ->
    [one] Un changement d’allocation attend une réponse
   *[other] { $count } changements d’allocations attendent une réponse
}
home-reports = { $count ->
    [one] Un rapport attend votre approbation
   *[other] { $count } rapports attendent votre approbation
}

happened-change-approved = Un changement de l’allocation a été accepté
happened-change-refused = Un changement de l’allocation a été refusé
happened-hours-handed-back = Des heures ont été rendues
happened-report-handed-in = Un rapport a été remis
happened-report-approved = Un rapport a été approuvé
happened-report-returned = Un rapport a été renvoyé
allocation-event-handed-back = { $hours } rendues
allocation-event-renewed = Un renouvellement a été commencé
allocation-event-change-asked = Un changement a été demandé : { $what }
allocation-event-change-withdrawn = Retiré : { $what }
allocation-event-change-awaits-signature = Décidé, en attente d’une seconde signature : { $what }
allocation-event-change-sent-back = Renvoyé pour réexamen : { $what }
allocation-event-change-approved = Accepté : { $what }
allocation-event-change-refused = Refusé : { $what }
allocation-event-advance-deducted = { $hours } utilisées par avance par une autre allocation
allocation-event-report-asked = Rapport demandé
allocation-event-report-handed-in = Rapport remis
allocation-event-report-approved = Rapport approuvé
allocation-event-report-returned = Rapport renvoyé : { $reason }
allocation-event-instalment-released = Seconde partie libérée : { $hours }

mail-change-approved-subject = { $reference } : accepté – { $what }
mail-change-approved-text =
    Ce que vous avez demandé sous { $reference } est accepté et en vigueur : { $what }.

    Motifs : { $reasons }

    La page de votre allocation montre ce qu’elle est désormais.
mail-change-approved-action = Voir l’allocation
mail-change-refused-subject = { $reference } : refusé – { $what }
mail-change-refused-text =
    Ce que vous avez demandé sous { $reference } n’a pas été accepté : { $what }. Votre allocation reste telle quelle.

    Motifs : { $reasons }

    Vous pouvez demander de nouveau à tout moment ; une personne qui n’a pas pris part à cette décision décidera. Vous pouvez aussi saisir le Médiateur européen.
mail-change-refused-action = Voir l’allocation
mail-booking-changed-subject = { $reference } : une réservation à { $site } a changé
mail-booking-changed-text =
    La réservation de { $organisation } à { $site } a changé : { $gpus } { $model } du { $first } au { $last }.

    Adaptez le projet sur votre système.
mail-booking-changed-action = Voir les réservations
mail-report-due-subject = { $reference } : { $what } à rendre au plus tard le { $due }
mail-report-due-text =
    Le rapport sur { $reference } est à rendre au plus tard le { $due } : { $what }.

    Il demande environ une demi-heure. Tant qu’un rapport final est en retard, votre organisation ne peut pas déposer de nouvelles demandes.
mail-report-due-action = Rédiger le rapport
mail-report-approved-subject = { $reference } : approuvé – { $what }
mail-report-approved-text =
    Votre rapport sur { $reference } est approuvé : { $what }. Merci.

    { $reasons }
mail-report-approved-action = Voir l’allocation
mail-report-returned-subject = { $reference } : à corriger – { $what }
mail-report-returned-text =
    Votre rapport sur { $reference } vous est renvoyé : { $what }.

    Ce qu’il faut corriger : { $reasons }
mail-report-returned-action = Corriger le rapport
