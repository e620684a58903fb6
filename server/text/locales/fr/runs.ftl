runs-title = Demandes en concurrence
runs-lead = Les demandes des modes à date limite sont en concurrence : le moteur les planifie ensemble, montre à quelle distance du meilleur plan possible on se trouve, et un second agent signe.
runs-waiting = { $count ->
    [0] Personne n’attend de calcul.
    [one] Une demande approuvée attend un calcul.
   *[other] { $count } demandes approuvées attendent un calcul.
}
runs-start = Lancer un calcul
runs-nobody = Personne n’attend de calcul en ce moment.
runs-made = Calculs, du plus récent au plus ancien
runs-none = Aucun calcul pour l’instant
runs-none-help = Lancez-en un ; il n’offre rien de lui-même.
run-title = Calcul du { $at }
run-made-at = Fait
run-small-share = Au moins pour les jeunes pousses et PME
run-small-share-help = Part de toutes les heures attribuées.
run-country-share = Au plus pour un même pays
run-country-share-help = Part de toutes les heures attribuées ; 100 signifie sans limite.
run-bonus-hours = Heures que vaut le fait d’être servi
run-bonus-hours-help = Plus il y en a, plus d’entreprises sont servies ; moins il y en a, plus d’heures sont données.
run-budget = Budget des subventions
run-budget-help = Euros entiers de subvention que toutes les attributions peuvent prendre ensemble.
run-started = Le moteur travaille. Son plan apparaît ici en moins d’une minute.
run-look-again = Regarder à nouveau
run-served = Servies
run-served-of = { $awarded } sur { $requests }
run-hours = Heures GPU attribuées
run-gap = Marge pour un meilleur plan
run-gap-note = Aucun plan sous ces règles ne vaut davantage de plus que cela ; les prix du fichier le prouvent.
run-state = État
run-state-solving = En cours
run-state-solved = Attend un second agent
run-state-published = Publié
run-progress-title = Comment le plan a grandi
run-progress-sentence = Valeur du plan et borne qu’aucun plan ne peut dépasser, en heures à plein mérite, après tant de pas de la recherche. Le pied du graphique n’est pas zéro.
run-progress-moves = Pas
run-progress-value = Valeur
run-progress-bound = Borne
run-heat-title = Remplissage des sites par le plan
run-heat-sentence = Part des GPU libres pour ce calcul que le plan utilise, par semaine.
run-heat-pool = Site et GPU
run-cell = { $used } sur { $free }
run-lines = Demandes de ce calcul
run-merit = Mérite
run-outcome = Résultat
run-offer = { $gpus } { $model } à { $site }, { $weeks ->
    [one] une semaine
   *[other] { $weeks } semaines
} à partir du { $day }
run-open = Pas encore planifiée
run-cause-no-pool = Aucun site n’offre ces GPU là où les données peuvent se trouver.
run-cause-never-fits = Elle ne tiendrait pas entre son premier et son dernier jour, même sur des sites vides.
run-cause-fair-share = La part équitable de son organisation laisse { $left } heures ; il lui en faut { $least }.
run-cause-headroom = Son organisation a encore { $left } € de marge de minimis.
run-cause-pots = Le budget laisse { $left } €, moins que nécessaire.
run-cause-capacity = D’autres détiennent les GPU chaque semaine où elle pourrait tourner.
run-cause-country = Son pays dépasserait sa part de toutes les heures.
run-cause-share = Les jeunes pousses et PME passeraient sous leur part de toutes les heures.
run-cause-partly = Elle a obtenu une partie de ses heures.
run-lowest = Le plus faible mérite qui y détient alors des GPU est de { $score }.
run-would-fit = Essayé à côté de toutes les attributions, chacun de ces changements aurait suffi :
run-change-fewer-at-once = { $gpus } GPU à la fois
run-change-earlier = un début dès le { $day }
run-change-later = une dernière semaine avant le { $day }
run-change-also-on = aussi sur { $gpu }
run-change-fewer-hours = { $hours } heures
run-change-anywhere = sans limite sur le lieu des données
run-publish = Signer et publier
run-publish-help = Chaque demande servie reçoit une offre et un courriel ; les autres continuent d’attendre et peuvent lire pourquoi.
run-second = Qui fait un calcul ne le signe pas : un second agent le fait.
run-published = Signé. Les offres partent.
run-instance-file = L’instance, en fichier
run-solution-file = Le plan et les prix, en fichier
run-files = Chacun peut vérifier le plan avec les deux fichiers et la commande « server match verify ».
run-stop = Arrêter et garder le meilleur plan trouvé
run-stopping = Le moteur s’arrête et garde le meilleur plan trouvé.
run-reached = Après { $moves } mouvements, le plan pourrait encore gagner { $gap } au plus.
run-extra-gpus = Et si : plus de GPU qu’il n’y en a
run-extra-gpus-help = Pour cent en plus sur chaque site. Au-dessus de 0, l’exécution répond à une question et ne peut être signée.
run-like = Lancer une autre exécution à partir de ces règles
run-compare = Comparer avec une autre exécution
run-compare-title = Deux exécutions comparées
run-figure = Ce qui est comparé
run-one = Cette exécution
run-other = L’autre exécution
run-differing = Là où elles diffèrent
run-not-in = Pas dans cette exécution
run-same = Chacun obtient la même chose dans les deux
run-same-help = Les deux plans ne diffèrent pour aucune demande.
run-show-all = Toutes
run-show-served = Servies
run-show-without = Sans rien
run-who = Qui obtient quoi
run-by-merit = Servies, selon le mérite
run-by-merit-sentence = Part des demandes de chaque tranche de mérite que le plan sert.
run-merit-band = { $from } à { $to }
run-by-size = Selon la taille de l’organisation
run-by-country = Par pays
run-size = Taille
run-size-startup = Jeune pousse
run-size-sme = PME
run-size-mid = Petite entreprise à moyenne capitalisation
run-size-large = Grande ou inconnue
run-country = Pays
run-asked = Demandes
run-hours-asked = Heures GPU demandées
run-hours-share = Part des heures
run-differing-count = { $count ->
    [0] Aucune demande n’obtient autre chose.
    [one] Une demande obtient autre chose.
   *[other] { $count } demandes obtiennent autre chose.
}
run-site-plan = Qui calcule quand, site par site
run-site-plan-sentence = Chaque barre est une attribution de ce plan ; un contour en est une que personne n’a encore signée.
run-ties = Partir d’un plan antérieur, en garder une partie, écarter une demande
run-after = Partir du plan de
run-after-none = Aucune exécution antérieure
run-after-older = une exécution plus ancienne
run-after-help = Les attributions qui tiennent encore restent en place, sauf si les déplacer rapporte.
run-move-hours = Heures qu’un déplacement doit rapporter
run-move-hours-help = Ce que le plan doit gagner pour chaque attribution qu’il déplace, réduit ou retire, en heures de mérite 1,00 : une heure de mérite 4,00 en vaut quatre.
run-keep = Garder exactement
run-keep-help = Références des demandes qui gardent ce que ce plan leur donne, par exemple GH-LS-2026-00123.
run-leave-out = Écarter
run-leave-out-help = Références des demandes qui ne reçoivent rien dans cette exécution et continuent d’attendre.
run-why = Pourquoi elles sont écartées
run-why-help = Elles lisent ceci. Nécessaire si une demande est écartée.
run-cause-left-out = Le bureau du programme l’a écartée de l’exécution ; elle continue d’attendre.
run-left = Ce qui reste des ensembles qu’elle pourrait utiliser, pendant sa propre période :
run-left-none = { $pool } : jamais { $gpus } GPU à la fois.
run-left-weeks = { $pool } : { $gpus } GPU à la fois pendant { $weeks ->
    [one] une semaine
   *[other] { $weeks } semaines de suite
}, pas davantage, à partir du { $day }.
run-standing-file = Ce qu’elle respecte d’un plan antérieur, en fichier
run-why-given-back = Sa dernière offre a été refusée ou a expiré ; cette exécution répartit ce que cela a libéré.
