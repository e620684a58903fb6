# Pages for everybody.
landing-title = Des heures-GPU pour les start-up et PME européennes
landing-headline = Des heures-GPU sur les gigafactories européennes d’IA, à un prix qu’une petite entreprise peut payer
landing-lead = L’Union et ses États membres paient l’essentiel du prix catalogue. Vous déposez votre demande en ligne, connaissez votre prix avant tout envoi et réservez des heures sur le site qui convient à votre travail.
landing-start = Créer un compte
landing-go-home = Vers ma page d’accueil
landing-modes = Comparer les modes d’accès
landing-free = Heures-GPU libres dans les quatre semaines à venir
landing-free-note = { $gpus } GPU libres aujourd’hui sur { $sites ->
    [one] { $sites } site
   *[other] { $sites } sites
}
landing-decision = De la demande à la décision
landing-decision-note = La médiane des décisions prises jusqu’ici
landing-days = { $days ->
    [one] { $days } jour
   *[other] { $days } jours
}
landing-no-decision = –
landing-awarded = Heures-GPU attribuées jusqu’ici
landing-awarded-note = { $awards ->
    [one] { $awards } attribution
   *[other] { $awards } attributions
} à { $companies ->
    [one] { $companies } entreprise
   *[other] { $companies } entreprises
}
landing-may-title = Qui peut demander
landing-may-size = Les start-up, micro, petites et moyennes entreprises, et les petites entreprises de taille intermédiaire. Les plus grandes peuvent demander, avec une subvention moindre.
landing-may-place = Les personnes morales établies dans l’Union européenne ou dans un pays associé à ses programmes numériques et de recherche. Votre lieu de résidence et votre nationalité ne comptent pas.
landing-may-use = Des usages civils uniquement, et aucun que le règlement sur l’IA interdit.
landing-how-title = Comment cela se passe
landing-how-apply = Vous répondez à cinq courtes sections. Le prix s’affiche à côté du formulaire.
landing-how-decision = Des évaluateurs indépendants examinent les demandes plus grandes ; chaque décision est motivée.
landing-how-book = Vous recevez des offres de capacité classées, en choisissez une, et le site la confirme.
landing-how-pay = Le site mesure ce que vous utilisez. Vous payez votre part une fois par mois, par carte ou virement.

landing-price-title = Combien cela me coûterait-il ?
landing-hours = Heures-GPU
landing-hours-hint = Huit GPU pendant un mois font environ 5 800 heures.
landing-model-label = Modèle de GPU
landing-model = { $model }, { $memory } Go
landing-size = Taille de votre entreprise
landing-country = Établie en
landing-price-submit = Afficher le prix
landing-price-panel = Votre prix
landing-price-note = Pour une entreprise ayant un numéro de TVA valide. Votre prix est fixé au dépôt de la demande.
landing-mode = Mode d’accès : { $mode }. Réponse sous { $days ->
    [one] { $days } jour ouvrable
   *[other] { $days } jours ouvrables
}.

awards-title = Attributions
awards-lead = Chaque attribution est publique : qui a reçu combien, de quel argent public, et ce que cela vaut.
awards-name = Nom de l’organisation
awards-country = Pays
awards-model = Modèle de GPU
awards-caption = Attributions, les plus récentes d’abord
awards-organisation = Organisation
awards-class = Taille
awards-site = Site
awards-hours = Heures-GPU
awards-list = Prix catalogue, €
awards-subsidy = Subvention, €
awards-granted = Accordée
awards-reference = Référence
awards-json = Les mêmes données en JSON
awards-any = Tous
awards-none = Aucune attribution à afficher
awards-none-help = Une attribution apparaît ici quand le site a confirmé la réservation. Si des filtres sont actifs, essayez-en moins.

status-title = État du service
status-as-of = État au { $at }.
status-parts = Parties du service
status-part = Partie
status-state = État
status-note = Ce que cela veut dire
status-works = Fonctionne
status-late = En retard
status-faults = Défauts
status-silent = Muet
status-no-jobs = Encore rien
status-pages = Pages et base de données
status-pages-note = Cette page vient d’être produite à partir de la base de données.
status-work = Travaux de fond
status-work-note = L’affectation, les relevés et les factures se font à l’heure.
status-given-up = { $count ->
    [one] { $count } tâche attend un administrateur.
   *[other] { $count } tâches attendent un administrateur.
}
status-mails = Messages
status-mails-note = Aucun message en échec depuis 24 heures.
status-mails-failed = { $count ->
    [one] { $count } message n’a pas pu être remis depuis 24 heures.
   *[other] { $count } messages n’ont pas pu être remis depuis 24 heures.
}
status-feeds = Relevés d’usage des sites
status-site = Site
status-last-reading = Dernier relevé
status-never = Aucun relevé

demo-mails-title = Messages du monde de démonstration
demo-mails-lead = Rien ne quitte cette machine. Ce qui aurait été envoyé est conservé ici.
demo-mails-caption = Messages, les plus récents d’abord
demo-mails-subject = Objet
demo-mails-to = À
demo-mails-state = État
demo-mails-queued = Écrit
demo-mails-attachment = Pièce jointe
demo-mails-no-attachment = Aucune
demo-mails-html = L’afficher comme un logiciel de messagerie
demo-mails-all = Tous les messages
demo-mails-none = Pas encore de message
demo-mails-none-help = Inscrivez-vous, déposez une demande ou laissez échoir une facture, et le message apparaît ici.

accessibility-title = Accessibilité
accessibility-text =
    Nous voulons que chacun puisse demander, évaluer, réserver et payer ici, quels que soient ses outils pour lire et pour écrire.

    # Ce que nous visons

    Ce service suit les règles pour l’accessibilité des contenus Web (WCAG) 2.2 au niveau AA, vers lequel évolue la norme EN 301 549.

    - Chaque tâche peut se faire au clavier seul, et aucune n’a besoin de JavaScript.
    - Chaque champ a une étiquette, son indication et son erreur sont lues avec lui, et la liste des erreurs mène à chaque champ.
    - La couleur ne porte jamais seule un sens ; chaque graphique a ses chiffres en tableau.
    - Les pages fonctionnent dès 320 pixels et à 400 % d’agrandissement, en clair et en sombre.

    # Ce qui ne suffit pas encore

    Les documents PDF contiennent leur texte dans l’ordre de lecture mais ne sont pas entièrement balisés. Demandez-nous, et vous recevrez le même contenu sous forme de page. La carte de la capacité défile latéralement sur un écran étroit ; son tableau non.

    # Dites-le-nous

    Si quelque chose vous empêche de faire ce pour quoi vous êtes venu, écrivez à accessibility@gigahours.example. Nous répondons sous cinq jours ouvrables. Si notre réponse ne vous aide pas, vous pouvez saisir le Médiateur européen.

    Cette déclaration repose sur nos propres tests du 23 novembre 2026 : contrôles automatiques des pages, parcours au clavier et sans scripts.
privacy-title = Vie privée
privacy-text =
    Nous conservons ce dont le programme a besoin pour décider, réserver, mesurer et facturer, et rien pour la publicité. Aucune page ne charge quoi que ce soit d’un autre serveur.

    # Ce que nous conservons, et pourquoi

    - Votre nom, votre adresse électronique et une empreinte de votre mot de passe : pour vous connecter. La base juridique est le contrat avec votre organisation.
    - Les données et chiffres de votre organisation : pour établir sa taille, son lieu et son régime de TVA. La base juridique est le droit des aides d’État et de la TVA.
    - Les demandes, évaluations et décisions avec leurs motifs : pour que les décisions puissent être expliquées et contestées.
    - L’usage mesuré par tâche, sans vos données ni votre code : pour que les factures puissent être vérifiées.
    - Un journal de qui a fait quoi, conservé de façon inaltérable.

    # Qui le voit

    Les évaluateurs voient la demande mais pas vos factures ; les sites voient ce qu’ils hébergent ; les finances voient ce qui est à payer. Les attributions sont publiées avec le nom de l’organisation, comme l’exige le droit des aides d’État. Les paiements par carte se font sur la page du prestataire de paiement ; nous ne voyons jamais la carte.

    # Combien de temps

    Les pièces relatives aux aides sont conservées dix ans après la dernière aide du régime, les factures dix ans, le reste deux ans après la fin de votre dernière allocation. Les traces de connexion sont effacées après 90 jours.

    # Cookies

    Un cookie vous garde connecté, un autre retient votre langue et un troisième vos couleurs. Tous trois sont nécessaires à ce que vous demandez ; il n’y a donc pas de bandeau.

    # Vos droits

    Vous pouvez consulter, corriger, exporter et effacer ce qui vous concerne, dans la mesure où la loi ne nous oblige pas à le garder. Écrivez à privacy@gigahours.example. Vous pouvez saisir le Contrôleur européen de la protection des données ou l’autorité de votre pays.
imprint-title = Mentions légales
imprint-text =
    Gigahours est une démonstration. L’organisme nommé ici est inventé, comme tout ce que contient le monde de démonstration.

    # Publié par

    Gigahours Programme Office, Rue de l’Exemple 1, 1000 Bruxelles, Belgique

    # Contact

    office@gigahours.example. Point de contact unique pour les autorités et pour les utilisateurs au titre des articles 11 et 12 du règlement (UE) 2022/2065 : la même adresse, en anglais et en français.

    # Réclamations et recours

    Chaque décision indique ses motifs et la façon de la contester. Vous pouvez aussi saisir le Médiateur européen.
