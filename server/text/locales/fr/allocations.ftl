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

mail-booking-made-subject = { $reference } : une réservation à { $site }
mail-booking-made-text =
    { $organisation } a réservé { $gpus } { $model } à { $site } à partir du { $day }.

    Ouvrez le projet sur votre système, puis confirmez la réservation. Si vous ne pouvez pas fournir, refusez-la au même endroit avec un motif.
mail-booking-made-action = Voir les réservations

mail-booking-refused-subject = { $reference } : { $site } ne peut pas fournir
mail-booking-refused-text =
    { $site } ne peut pas fournir ce que vous avez réservé sous { $reference }.

    Motif : { $reason }

    Rien n’est facturé et votre accord reste valable. Nous cherchons un autre créneau ; vous recevrez une nouvelle offre dès qu’il y en aura un.
mail-booking-refused-action = Voir la demande

mail-allocation-confirmed-subject = { $reference } : { $site } est prêt
mail-allocation-confirmed-text =
    { $site } a ouvert votre projet pour { $reference }. Vous pouvez utiliser vos GPU à partir du { $day }.

    La page de votre allocation indique comment vous connecter et montre votre consommation.
mail-allocation-confirmed-action = Voir comment se connecter

mail-grace-begun-subject = { $reference } : toutes les heures-GPU sont utilisées
mail-grace-begun-text =
    Vos { $hours } sont toutes utilisées.

    Les tâches peuvent continuer jusqu’au { $ends } ; ce qu’elles consomment d’ici là n’est pas facturé. Ensuite le site les arrête. S’il vous faut d’autres heures, demandez-les avant.
mail-grace-begun-action = Voir l’allocation
mail-grace-at-site-subject = { $reference } : épuisée, tâches jusqu’au { $ends }
mail-grace-at-site-text =
    Toutes les heures-GPU de cette allocation sont utilisées.

    Laissez ses tâches continuer jusqu’au { $ends }, puis arrêtez-les. Les relevés de ce qui tourne ensuite sont refusés.
mail-grace-at-site-action = Voir l’allocation
mail-quota-warning-subject = { $quota } : { $percent } % du quota sont engagés
mail-quota-warning-text =
    { $percent } % de ce quota sont engagés : { $quota }.

    Sur { $hours }, { $free } sont libres. Une réservation qui prend davantage est refusée.
mail-quota-warning-action = Voir ce qui est engagé
mail-usage-warning-subject = { $reference } : { $percent } % de vos heures-GPU sont utilisées
mail-usage-warning-text =
    { $percent } % des heures-GPU de { $reference } sont utilisées. Il reste { $left }, et votre créneau court jusqu’au { $day }.

    Ce qui dépasse l’attribution ne vous est pas facturé. Quand il ne reste rien, nous vous disons jusqu’à quand les calculs peuvent continuer avant que le site ne les arrête.
mail-usage-warning-action = Voir la consommation par jour

mail-allocation-ended-subject = { $reference } : votre allocation est terminée
mail-allocation-ended-text =
    Les semaines de { $reference } sont écoulées. Vous avez utilisé { $used } sur { $granted } ; le reste a été rendu.

    Une facture, ou un relevé si tout était subventionné, suit par courriel.
mail-allocation-ended-action = Voir ce qui a été utilisé

offer-title = Offre pour { $reference }
offer-at = Offre à { $site }
offer-held-until = Ces GPU vous sont réservés jusqu’au { $until }. Acceptez, choisissez un autre créneau ou refusez.
offer-part = { $given } des { $asked } que vous demandiez ; le tout n’a pas pu être attribué
demand-title = À quel point ces GPU étaient demandés
demand-note = Pendant les semaines les plus calmes entre vos dates, d’après la dernière attribution signée. La prochaine peut donner autre chose.
offer-demand = Demande
offer-demand-calm = De la place pour tous
offer-demand-sought = Recherché
offer-demand-scarce = Rare
offer-demand-unknown = Pas encore connue
offer-waits = Cette offre attend la réponse du demandeur.
offer-lapsed = Cette offre est restée sans réponse et les GPU ont été libérés. Dès qu’un autre créneau convient, il y a une nouvelle offre.
offer-was-declined = Cette offre a été refusée et les GPU ont été libérés.
offer-was-accepted = Cette offre a été acceptée.
offer-to-allocation = Ouvrir l’allocation
offer-accepting-title = Ce que signifie accepter
offer-accepting-books = Les GPU sont réservés pour vous pendant ces semaines, et personne d’autre ne peut les avoir.
offer-accepting-bills = Vous payez votre part des heures utilisées, une fois par mois et à la fin ; les heures non utilisées ne sont pas facturées.
offer-accepting-operator = Le site ouvre votre projet et vous recevez un courriel qui dit comment vous connecter.
offer-accept = Accepter et réserver
offer-accepted = Le créneau est réservé. Le site ouvre maintenant votre projet et vous recevrez un courriel.
offer-decline-open = Refuser cette offre
offer-decline-consequence = Les GPU reviennent aux autres qui attendent. Votre accord reste valable et vous recevez une autre offre quand un créneau convient.
offer-decline = Refuser l’offre
offer-declined = L’offre est refusée.
offer-others-title = Autres créneaux possibles
offer-others-lead = Personne ne les retient : ils sont à vous dès que vous en choisissez un, tant qu’il est libre.
offer-others-caption = Autres créneaux, les meilleurs d’abord
offer-no-others = Aucun autre créneau ne convient à votre demande pour l’instant.
offer-pick = Choisir ce créneau
offer-slot = Créneau
offer-slot-choose = Choisissez une semaine et un site
offer-slot-hint = Tous les créneaux qui conviennent à votre demande, par premier jour.
offer-slot-option = { $day } : { $site }, { $gpus } { $model }, { $weeks ->
    [one] { $weeks } semaine
   *[other] { $weeks } semaines
}
offer-slot-submit = Retenir ce créneau à la place
offer-moved = L’autre créneau vous est maintenant réservé provisoirement. Acceptez-le pour le réserver.
allocations-title = Offres et allocations
allocations-offers = Offres qui attendent votre réponse
allocations-running = Réservées et en cours
allocations-past = Passées
allocations-empty-title = Pas encore d’offre ni d’allocation
allocations-empty-help = Quand une demande est approuvée, une offre de GPU apparaît ici.
allocations-empty-action = Mes demandes
allocation-title = Allocation { $reference }
allocation-at = { $reference } à { $site }
allocation-reference = Référence
allocation-organisation = Organisation
allocation-site = Site
allocation-gpus = GPU
allocation-gpus-of = { $gpus } { $model } à la fois
allocation-gpus-up-to = Jusqu’à { $gpus } { $model } à la fois
allocation-stretches = Les semaines et leurs GPU
allocation-stretches-lead = Vous avez indiqué que le travail peut s’interrompre : voici quand il dispose de GPU, et de combien.
allocation-first-day = Premier jour
allocation-last-day = Dernier jour
allocation-weeks = Semaines
allocation-hours = Heures-GPU
allocation-used = Utilisé
allocation-state = État
allocation-state-offered = Votre réponse est attendue
allocation-state-lapsed = Expirée
allocation-state-declined = Refusée
allocation-state-accepted = Chez le site, qui ouvre le projet
allocation-state-active = Ouverte
allocation-state-ended = Terminée
allocation-waits-operator = Le créneau est réservé. L’exploitant du site ouvre maintenant votre projet et vous recevrez un courriel qui dit comment vous connecter.
allocation-used-hours = Heures-GPU utilisées
allocation-used-note = { $share } de { $granted }
allocation-left-hours = Heures-GPU restantes
allocation-days = { $days ->
    [one] { $days } jour
   *[other] { $days } jours
}
allocation-days-left = Reste à ce rythme
allocation-days-left-note = au rythme des sept derniers jours
allocation-overrun = { $hours } ont été utilisées au-delà de l’attribution. Elles ne sont pas facturées.
allocation-no-use-title = Pas encore de consommation
allocation-no-use-help = Dès le premier jour, la consommation est montrée ici face à une ligne droite jusqu’à la fin.
allocation-plot-title = Consommation par jour
allocation-plot-ahead = { $used } sont utilisées ; une ligne droite en serait à { $line }. À ce rythme, les heures s’épuisent avant la fin.
allocation-plot-behind = { $used } sont utilisées ; une ligne droite en serait à { $line }. Les heures non utilisées au dernier jour sont rendues.
allocation-plot-used = Utilisé
allocation-plot-line = Ligne droite
allocation-day = Jour
allocation-jobs = Calculs
allocation-job = Calcul
allocation-job-gpus = GPU au plus à la fois
allocation-job-first = Premier relevé
allocation-job-last = Dernier relevé
allocation-no-jobs-title = Pas encore de calculs
allocation-no-jobs-help = Les calculs apparaissent ici à mesure que le compteur du site les signale.
allocation-connect = Comment se connecter
allocation-connect-help = Connectez-vous avec le compte que le site vous a donné :
allocation-connect-project = Indiquez ce projet en soumettant un calcul :
allocation-timeline = Chronologie
allocation-event-offered = Offre faite à { $site }
allocation-event-moved = Déplacée vers un autre créneau à { $site }
allocation-event-accepted = Offre acceptée
allocation-event-declined = Offre refusée
allocation-event-lapsed = Offre expirée
allocation-event-confirmed = Projet ouvert par { $site }
allocation-event-refused = { $site } n’a pas pu fournir : { $reason }
allocation-grace = Toutes les heures-GPU de cette attribution sont utilisées. Les tâches peuvent continuer jusqu’au { $ends } ; ce qu’elles consomment d’ici là n’est pas facturé. Ensuite le site les arrête, et la consommation n’est plus prise en compte. Demandez d’autres heures avant, si vous en avez besoin.
allocation-grace-over = Toutes les heures-GPU de cette attribution sont utilisées, et depuis le { $ends } aucune tâche ne peut plus tourner.
allocation-event-used-up = Toutes les heures-GPU sont utilisées
allocation-event-warned = { $percent } % utilisés
allocation-event-ended = Terminée ; { $hours } rendues
allocation-event-downtime = Le site était à l’arrêt : { $reason }
allocation-event-use-corrected = Utilisation revue à la baisse : { $hours } en moins
allocation-event-use-forgiven = { $hours } ne sont plus facturées : { $reason }
allocation-price = Prix
allocation-price-list = Prix catalogue
allocation-price-list-why = Les heures attribuées au prix catalogue du jour du dépôt.
allocation-price-subsidy = Subvention
allocation-price-subsidy-why = La part que l’argent public prend en charge pour une organisation de votre taille.
allocation-price-own = Votre part
allocation-price-own-why = Prix catalogue moins la subvention, si vous utilisez toutes les heures.
allocation-price-vat = TVA
allocation-price-vat-why = Selon le lieu et le numéro de TVA de votre organisation.
allocation-price-due = À payer au plus
allocation-price-note = Vous payez les heures utilisées ; ceci est le maximum. La TVA est celle que la loi prévoit le jour de la facture.
