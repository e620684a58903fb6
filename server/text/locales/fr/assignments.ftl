# Textes de l’attribution des évaluations.
assignment-title = Attribuer les évaluations
assignment-lead = L’attribution est calculée d’un seul tenant : chaque demande reçoit son nombre d’évaluations et quelqu’un qui connaît son sujet, les charges sont équilibrées, et un conflit d’intérêts est impossible. Vous examinez, modifiez, puis attribuez.
assignment-waiting = Demandes en attente
assignment-missing = Évaluations encore à attribuer
assignment-reviewers = Évaluateurs
assignment-given-out = Évaluations dans la proposition
assignment-made = Calculée le { $at }.
assignment-optimal = Rien de mieux n’existe : c’est prouvé.
assignment-gap = Il est possible de faire mieux de { $points } points au plus.
assignment-propose-help = Tout ce qui attend est réparti entre les évaluateurs qui le peuvent et en ont le temps. Personne n’est prévenu avant l’attribution.
assignment-propose = Proposer qui évalue quoi
assignment-proposed = La proposition est prête. Personne n’a encore été prévenu.
assignment-again = Proposer à nouveau
assignment-commit-help = Chaque évaluateur reçoit un courriel et répond oui ou non. Conflits, charges et états sont vérifiés une dernière fois.
assignment-commit = Attribuer ces évaluations
assignment-committed = Les évaluations sont attribuées et chacun a reçu son courriel.
assignment-stopped = Rien n’a été attribué. Proposez à nouveau, ou modifiez ceci à la main : { $pairs }
assignment-proposal = Proposition
assignment-none = Il n’y a rien à attribuer
assignment-none-help = Les demandes apparaissent ici quand elles attendent des évaluations que personne n’est chargé de faire.
assignment-reviewer = Évaluateur
assignment-application = Demande
assignment-why = Pourquoi
assignment-affinity = Affinité
assignment-load = Charge
assignment-next = Second choix
assignment-change = Modifier
assignment-pinned = Fixé
assignment-expert = Connaît le sujet
assignment-bid-eager = Volontiers
assignment-bid-willing = D’accord
assignment-bid-unwilling = Plutôt non
assignment-bid-conflict = En conflit
assignment-words = En commun : { $words }
assignment-no-words = Rien de commun n’est connu ; choisi pour sa charge.
assignment-nobody-else = Personne d’autre ne le peut et n’en a le temps.
assignment-next-of = { $reviewer }, { $points } points de moins
assignment-next-inexpert = { $reviewer }, { $points } points de moins, et personne ne connaîtrait le sujet
assignment-pin = Fixer
assignment-pin-of = Fixer { $reviewer } sur { $reference }
assignment-free = Libérer
assignment-free-of = Libérer { $reviewer } de { $reference }
assignment-forbid = Pas celui-ci
assignment-forbid-of = { $reviewer } n’évalue pas { $reference }
assignment-by-hand = Modifier une paire à la main
assignment-choose = Choisir
assignment-hand = Quoi
assignment-hand-pin = Cet évaluateur la reçoit
assignment-hand-forbid = Cet évaluateur ne la reçoit pas
assignment-hand-free = La laisser de nouveau au calcul
assignment-change-submit = Recalculer
assignment-changed = La proposition est recalculée autour de votre modification.
assignment-fixed-pin = À la main : { $reviewer } reçoit { $reference }.
assignment-fixed-forbid = À la main : { $reviewer } ne reçoit pas { $reference }.
assignment-lacking = { $count ->
    [one] Une demande n’obtient pas tout
   *[other] { $count } demandes n’obtiennent pas tout
}
assignment-lacks = { $count ->
    [one] Il manque une évaluation à { $reference }.
   *[other] Il manque { $count } évaluations à { $reference }.
}
assignment-lacks-expert = { $count ->
    [one] { $reference } n’a personne qui connaisse son sujet.
   *[other] Il manque à { $reference } { $count } évaluateurs qui connaissent son sujet.
}
assignment-lack-nobody = Il n’y a aucun évaluateur.
assignment-lack-conflicts = Tous les autres sont en conflit ou ont déjà été sollicités.
assignment-lack-loads = Tous ceux qui le peuvent ont autant d’évaluations en cours qu’ils en acceptent.
assignment-lack-company = Ceux qui le peuvent et en ont le temps sont des collègues de quelqu’un qui l’évalue.
assignment-lack-noexpert = Aucun évaluateur possible n’est connu pour connaître le sujet.
assignment-lack-expertsfull = Ceux qui connaissent le sujet ont autant d’évaluations en cours qu’ils en acceptent.
assignment-lack-expertsapart = Ceux qui connaissent le sujet sont des collègues de quelqu’un qui l’évalue.
assignment-lack-counts = (En conflit ou déjà sollicités : { $conflicted }, complets : { $full }, collègues : { $apart }.)
assignment-loads = Évaluations en cours de chacun
assignment-loads-sentence = Combien chacun en aurait avec cette proposition ; le tableau donne l’état actuel et la limite.
assignment-load-after = Avec la proposition
assignment-load-words = { $after } sur { $limit } ; actuellement { $before }
assignment-asked = Qui est sollicité
assignment-asked-none = Personne n’est sollicité
assignment-asked-none-help = Les personnes sollicitées apparaissent ici avec leur réponse, une fois les évaluations attribuées.
assignment-due = Échéance
assignment-declined-why = Motif
assignment-state-offered = Sollicité
assignment-state-accepted = A accepté
assignment-state-declined = A décliné
assignment-state-released = Déchargé
assignment-give = Solliciter quelqu’un directement
assignment-give-submit = Solliciter cet évaluateur
assignment-given = L’évaluateur a reçu un courriel et répond oui ou non.
assigned-title = Évaluations qui vous sont proposées
assigned-project = Projet
assigned-answer-due = Répondre oui ou non avant le
assigned-review-due = Évaluation attendue le
assigned-summary = De quoi il s’agit
assigned-accept = Accepter l’évaluation
assigned-accepted = L’évaluation est à vous.
assigned-is-accepted = Vous avez accepté cette évaluation.
assigned-open = Ouvrir l’évaluation
assigned-is-closed = Cette évaluation ne vous est plus proposée.
assigned-decline-open = Je ne peux pas l’évaluer
assigned-decline-help = Quelqu’un d’autre est sollicité aussitôt. Le responsable lit votre motif ; le demandeur, non.
assigned-reason = Pourquoi ?
assigned-decline = Décliner l’évaluation
assigned-declined = Vous avez décliné. Merci de l’avoir dit.
assigned-conflict-help = Si vous avez un intérêt dans cette entreprise ou dans une concurrente, dites-le plutôt que de décliner.
assignment-scopes = Appel ou mode
