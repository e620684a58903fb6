# Words of the workflow between submission and award.
application-asked = Votre réponse est attendue
workflow-step-administrative_check = Contrôle administratif
workflow-step-technical_assessment = Expertise technique
workflow-step-expert_review = Évaluation par les experts
workflow-step-rebuttal = Réponse aux évaluations
workflow-step-panel = Comité
workflow-step-decision = Décision
step-state-pending = À venir
step-state-active = En cours
step-state-done = Terminée
step-outcome-admissible = Recevable
step-outcome-not_admissible = Irrecevable
step-outcome-feasible = Réalisable
step-outcome-feasible_with_conditions = Réalisable sous conditions
step-outcome-infeasible = Irréalisable
step-outcome-reviewed = Évaluée
step-outcome-replied = Réponse reçue
step-outcome-lapsed = Non utilisée
step-outcome-finished = Terminée
step-outcome-approved = Acceptée
step-outcome-refused = Non retenue
step-outcome-withdrawn = Retirée
course-title = Étapes
course-step = Étape
course-state = État
course-due = Échéance
course-due-stopped = Le délai est suspendu
course-done-at = Terminée le { $at }
course-late = En retard

waits-at-administrative_check = Chez le bureau du programme, qui vérifie que la demande est complète ; échéance le { $due }.
waits-at-technical_assessment = Chez l’expert technique du site, réponse due le { $due }.
waits-at-technical_assessment-no-site = Chez le bureau du programme, qui choisit le site chargé de l’expertise ; échéance le { $due }.
waits-at-expert_review = Chez les évaluateurs, échéance le { $due }.
waits-at-rebuttal = À vous : vous pouvez répondre aux évaluations jusqu’au { $due }. Sans réponse, la demande suit son cours.
waits-at-panel = Chez le comité, échéance le { $due }.
waits-at-decision = Chez le chargé de programme qui décide, échéance le { $due }.
waits-at-signature = Décidée par un chargé de programme, chez un second pour signature, échéance le { $due }.
waits-at-answer = À vous : nous vous avons posé une question. Merci de répondre d’ici au { $due } ; le délai est suspendu jusque-là.
waits-at-late-answer = Nous vous avons posé une question et le délai de réponse est passé. Rien n’en découle de soi-même ; vous pouvez encore répondre.
waits-at-appeal = Votre recours est chez un chargé de programme qui n’a pas pris part à la décision ; réponse due le { $due }.
waits-staff-answer = Chez le demandeur, à qui une question a été posée et qui peut répondre jusqu’au { $due }. Le délai est suspendu.
waits-staff-rebuttal = Chez le demandeur, qui peut répondre aux évaluations jusqu’au { $due }.
waits-staff-appeal = Le demandeur a formé un recours. Chez un chargé de programme qui n’a pas pris part à la décision ; réponse due le { $due }.
waits-promise = La réponse vous est promise pour le { $due }.
waits-answer-link = Répondre à la question
waits-reply-link = Lire les évaluations et répondre
waits-read-reviews = Lire ce que les évaluateurs vous ont écrit

appeal-open = Vous pouvez former un recours contre cette décision dans les { $days } jours ouvrables, jusqu’au { $until } ; un chargé de programme qui n’y a pas pris part décidera. Vous pouvez aussi saisir le Médiateur européen.
appeal-over = Le délai de recours est passé. Vous pouvez saisir le Médiateur européen.
appeal-link = Former un recours contre cette décision
appeal-final = Votre recours a été rejeté : cette décision est définitive. Vous pouvez saisir le Médiateur européen (article 26 du règlement (UE) 2021/1173) et former un recours devant la Cour de justice de l’Union européenne (article 263 du traité sur le fonctionnement de l’Union européenne).
appeal-was-filed = Vous avez formé un recours le { $at }.
appeal-title = Recours
appeal-lead = Dites ce qui a été omis ou mal compris. Un chargé de programme qui n’a ni décidé ni évalué votre demande le lit et répond dans les { $days } jours ouvrables.
appeal-decision-was = La décision
appeal-grounds-read = Les motifs du demandeur
appeal-grounds = Vos motifs
appeal-grounds-help = Indiquez ce qui a été mal lu ou oublié, et où cela figure dans votre demande.
appeal-submit = Former le recours
appeal-filed-flash = Votre recours est arrivé. Cette page indique qui y répond et pour quand.
appeal-not-now = Cette décision ne peut plus faire l’objet d’un recours.
appeal-judge-title = Statuer sur le recours
appeal-due-at = Réponse due le { $due }
appeal-outcome = Issue
appeal-outcome-upheld = L’accueillir : le dossier est rouvert
appeal-outcome-rejected = Le rejeter : la décision est définitive
appeal-reasons = Motifs
appeal-reasons-help = Le demandeur les lit tels que vous les écrivez ici.
appeal-judge-submit = Statuer sur le recours
appeal-judged-flash = Il est statué sur le recours et le demandeur en est informé.
appeal-judged-upheld = Recours accueilli
appeal-judged-rejected = Recours rejeté

answer-title = Nous avons une question
answer-lead = Votre demande attend cette réponse. Rien d’autre ne se passe entre-temps, et nos propres délais sont repoussés d’autant.
answer-late-lead = Le délai de réponse est passé, et rien n’a été décidé pour autant. Vous pouvez encore répondre tant que cette étape n’est pas terminée.
answer-question = La question
answer-until = Merci de répondre d’ici au { $due }.
answer-text = Votre réponse
answer-save = Enregistrer et répondre plus tard
answer-submit = Envoyer la réponse
answer-saved-flash = Enregistré. Personne hors de votre organisation ne le voit avant l’envoi.
answer-sent-flash = Votre réponse est arrivée. La demande suit son cours.
questions-title = Questions et réponses
question-asked-on = Posée le { $at }
question-state-proposed = Suggérée par un évaluateur
question-state-open = Attend la réponse
question-state-answered = Réponse reçue
question-state-lapsed = Sans réponse dans le délai
question-state-dropped = Non posée
question-ask-title = Interroger le demandeur
question-text = Question
question-text-help = Le demandeur la lit telle que vous l’écrivez ici. Le délai de cette étape est suspendu jusqu’à la réponse ou l’échéance.
question-days = Délai de réponse
unit-working-days = jours ouvrables
question-ask-submit = Poser la question
question-asked-flash = La question est partie. Le délai est suspendu.
question-pass-on = Poser cette question
question-drop = Ne pas la poser
question-dropped-flash = La question n’est pas posée.
question-suggest-title = Manque-t-il quelque chose ?
question-suggest-text = Ce que vous aimeriez savoir du demandeur
question-suggest-help = Un chargé de programme la pose sans dire qui voulait le savoir.
question-suggest-submit = Suggérer la question
question-suggested-flash = Les chargés de programme ont votre suggestion.
question-is-open = Une question a été posée au demandeur. Rien ne bouge avant la réponse ou son échéance.

reply-title = Réponse aux évaluations
reply-lead = Voici ce que les évaluateurs vous ont écrit. Vous pouvez répondre une fois, en { $words } mots au plus, jusqu’au { $due }. Ce n’est pas obligatoire : sans réponse, la demande suit son cours telle quelle.
reply-over = Le délai de réponse est passé.
reply-handed-in = Vous avez répondu le { $at }. La réponse ne peut plus être modifiée.
reply-comments = Ce que les évaluateurs vous ont écrit
reply-comment = Évaluation { $number }
reply-text = Votre réponse
reply-save = Enregistrer et continuer plus tard
reply-submit = Remettre la réponse
reply-saved-flash = Enregistré. Personne hors de votre organisation ne le voit avant la remise.
reply-sent-flash = Votre réponse est remise. La demande suit son cours.
reply-of-applicant = La réponse du demandeur aux évaluations

withdraw-reason = Pourquoi ? Votre organisation et le bureau du programme peuvent le lire.

assessments-title = Expertises techniques
assessments-lead = Des demandes qui voudraient tourner ici. Dites si c’est possible, et avec combien de quoi.
assessments-empty = Rien à expertiser
assessments-empty-help = Lorsqu’une demande est à expertiser pour ce site, elle apparaît ici et vous recevez un courriel.
assessment-title = Expertise technique
assessment-verdict = Peut-elle tourner ici ?
assessment-hours = Heures GPU qu’il faut ici
assessment-model = Sur quel GPU
assessment-conditions = Conditions
assessment-conditions-help = Seulement si elle est réalisable sous conditions : ce qui doit d’abord être rempli.
assessment-comments = Commentaires pour ceux qui évaluent et décident
assessment-submit = Remettre l’expertise
assessment-done-flash = L’expertise est remise.
assessment-of = { $site } : { $verdict }
assessment-recommended = Recommandé : { $hours } sur { $model }
nav-site-assessments = Expertises

case-title = Étapes de { $reference }
case-link = Étapes et questions
case-decide = Décider
case-read = Demande et évaluations
case-in-charge = Chargé du dossier après un retard : { $name }
admission-title = Contrôle administratif
admission-help = La demande est-elle complète, d’une organisation éligible, pour un usage civil et dans le bon mode d’accès ?
admission-outcome = Issue
admission-admissible = Recevable : elle suit son cours
admission-not_admissible = Irrecevable : elle est refusée
admission-reasons = Motifs
admission-reasons-help = Nécessaires pour un refus : le demandeur les lit tels que vous les écrivez ici.
admission-submit = Enregistrer le contrôle
admission-done-flash = Le contrôle est enregistré.
site-choose-title = Choisir le site chargé de l’expertise
site-choose-again = Interroger un autre site
site-choose-help = Le demandeur n’a nommé aucun site, ou le site la juge irréalisable.
site-choose = Site
site-choose-submit = Interroger ce site
site-choose-gpus = GPU des sites
site-choose-free = Libres dans les douze prochaines semaines
site-choose-gpus-empty = Aucune capacité publiée
site-choose-gpus-empty-help = Ce que les sites publient pour les douze prochaines semaines apparaît ici.
site-chosen-flash = Le site est interrogé.
go-on-title = La laisser continuer sans site favorable
go-on-reason = Pourquoi ?
go-on-submit = La laisser continuer
go-on-consequence = Les évaluateurs et ceux qui décident lisent l’expertise et votre motif.
panel-title = Comité
case-panel-note = Ce que le comité a constaté
panel-submit = Le comité a terminé
case-moved-flash = La demande suit son cours.
reopen-title = Rouvrir le dossier
reopen-consequence = Un second chargé de programme doit signer. La décision passée est alors consignée, et l’étape qui a conduit au refus recommence.
reopen-open = Rouvrir le dossier
reopen-reasons = Motifs
reopen-reasons-help = Le demandeur les lit.
reopen-submit = Proposer de rouvrir
reopen-proposed-flash = Un second chargé de programme doit maintenant signer.
reopen-waits = { $name } voudrait rouvrir ce dossier :
reopen-sign = Signer : rouvrir
reopen-drop = Le laisser clos
reopen-signed-flash = Le dossier est rouvert.
reopen-dropped-flash = Le dossier reste clos.

board-step = Étape
board-step-due = Échéance de l’étape
board-asked = Chez le demandeur
board-clock-stopped = Suspendu : question posée au demandeur
board-all-steps = Toutes les étapes
board-all-scopes = Tous les modes et appels
home-answer-question = Répondre à la question sur { $title }
home-answer-reviews = Répondre aux évaluations de { $title }
home-check-admission = Contrôler { $reference } de { $organisation }
home-choose-site = Choisir le site qui expertise { $reference } de { $organisation }
home-suggested-question = Transmettre ou écarter la question d’un évaluateur sur { $reference } de { $organisation }
home-judge-appeal = Statuer sur le recours concernant { $reference } de { $organisation }
home-sign-reopening = Signer la réouverture de { $reference } de { $organisation }
home-finish-panel = Clore le comité sur { $reference } de { $organisation }
home-assess = Expertiser { $reference } de { $organisation }

transition-submit = Déposée
transition-withdraw = Retirée
transition-admit = Recevable
transition-refuse-admission = Irrecevable
transition-choose-site = Un site est chargé de l’expertise
transition-assess = Expertisée par le site
transition-assess-infeasible = Le site la juge irréalisable
transition-go-on = Continue sans site favorable
transition-take-review = Prise pour évaluation
transition-give-review = Confiée à un évaluateur
transition-give-back-review = Évaluation rendue : conflit d’intérêts
transition-hand-in-review = Évaluation remise
transition-complete-reviews = Dernière évaluation remise
transition-reply = Le demandeur a répondu aux évaluations
transition-lapse-reply = Le demandeur n’a pas répondu aux évaluations
transition-finish-panel = Comité terminé
transition-propose = Décidée, en attente de la seconde signature
transition-approve = Acceptée
transition-refuse = Refusée
transition-send-back = Le second chargé de programme n’a pas signé
transition-suggest-question = Un évaluateur voudrait savoir quelque chose
transition-drop-question = Question non posée
transition-ask = Une question a été posée au demandeur
transition-answer = Le demandeur a répondu
transition-lapse-question = Sans réponse dans le délai
transition-remind = En retard : rappel envoyé
transition-substitute = En retard : quelqu’un d’autre peut s’en charger
transition-escalate = En retard : tous les chargés de programme sont prévenus
transition-appeal = Recours formé
transition-reject-appeal = Recours rejeté
transition-uphold-appeal = Recours accueilli : dossier rouvert
transition-propose-reopening = Réouverture proposée
transition-drop-reopening = Réouverture abandonnée
transition-reopen = Rouverte, signée par deux chargés de programme
transition-public-submit = Déposée
transition-public-withdraw = Retirée
transition-public-admit = Complète et recevable
transition-public-refuse-admission = Irrecevable
transition-public-choose-site = Un site est chargé de l’expertise technique
transition-public-assess = Expertisée
transition-public-assess-infeasible = Un site ne peut pas la réaliser ; le bureau du programme cherche ailleurs
transition-public-go-on = Expertisée
transition-public-take-review = Chez un évaluateur
transition-public-give-review = Chez un évaluateur
transition-public-hand-in-review = Une évaluation est arrivée
transition-public-complete-reviews = Toutes les évaluations sont arrivées
transition-public-reply = Vous avez répondu aux évaluations
transition-public-lapse-reply = Le délai de réponse aux évaluations est passé ; la demande suit son cours
transition-public-finish-panel = Examinée par le comité
transition-public-propose = Décidée, en attente de la seconde signature
transition-public-approve = Acceptée
transition-public-refuse = Non retenue
transition-public-send-back = Renvoyée pour un nouvel examen
transition-public-ask = Nous vous avons posé une question
transition-public-answer = Vous avez répondu
transition-public-lapse-question = Le délai de réponse est passé ; vous pouvez encore répondre
transition-public-appeal = Vous avez formé un recours
transition-public-reject-appeal = Votre recours a été rejeté
transition-public-uphold-appeal = Votre recours a été accueilli : le dossier est rouvert
transition-public-reopen = Le dossier a été rouvert

mail-review-given-subject = { $reference } : une évaluation vous est confiée
mail-review-given-text = Le programme vous confie l’évaluation de { $reference }. Merci de la remettre d’ici au { $due }.
mail-review-given-action = Ouvrir l’évaluation
mail-assessment-due-subject = { $reference } : expertise technique due le { $due }
mail-assessment-due-text = La demande { $reference } voudrait tourner sur votre site. Merci de dire d’ici au { $due } si c’est possible, et avec combien d’heures GPU de quel modèle.
mail-assessment-due-action = Expertiser la demande
mail-reply-due-subject = { $reference } : vous pouvez répondre aux évaluations jusqu’au { $due }
mail-reply-due-text =
    Les évaluations de votre demande { $reference } sont arrivées. Vous pouvez y répondre une fois, en { $words } mots au plus, jusqu’au { $due }.

    Ce n’est pas obligatoire : sans réponse, la demande suit son cours telle quelle.
mail-reply-due-action = Lire les évaluations et répondre
mail-reply-ends-subject = { $reference } : votre réponse aux évaluations peut être remise jusqu’au { $due }
mail-reply-ends-text = { $typed ->
    [yes] Vous avez rédigé une réponse aux évaluations de { $reference } sans la remettre.
   *[no] Vous n’avez pas répondu aux évaluations de { $reference }.
} Vous le pouvez jusqu’au { $due } ; ensuite la demande continue sans réponse. Votre silence ne décide de rien.
mail-reply-ends-action = Lire les évaluations et répondre
mail-question-asked-subject = { $reference } : une question, merci de répondre d’ici au { $due }
mail-question-asked-text =
    Au sujet de votre demande { $reference }, nous aimerions savoir :

    { $question }

    Merci de répondre d’ici au { $due }. Nos propres délais sont suspendus jusque-là.
mail-question-asked-action = Répondre à la question
mail-question-answered-subject = { $reference } : réponse à votre question
mail-question-answered-text = Le demandeur a répondu à votre question sur { $reference }. Le délai de l’étape court de nouveau.
mail-question-answered-action = Lire la réponse
mail-question-lapsed-subject = { $reference } : pas de réponse au { $due }
mail-question-lapsed-text = Une question a été posée au demandeur de { $reference }, qui n’a pas répondu d’ici au { $due }. Rien n’a été décidé pour autant : le délai de l’étape court de nouveau, et c’est à vous de voir que faire.
mail-question-lapsed-action = Ouvrir le dossier
mail-step-due-subject = { $reference } : { $step }, échéance passée (le { $due })
mail-step-due-text = L’étape « { $step } » de { $reference } était due le { $due } et vous attend. Un jour ouvrable plus tard, quelqu’un d’autre sera sollicité.
mail-step-due-action = L’ouvrir
mail-step-taken-over-subject = { $reference } : merci de vous charger de l’étape « { $step } »
mail-step-taken-over-text = L’étape « { $step } » de { $reference } était due le { $due }, et un rappel n’a pas suffi. Vous en êtes maintenant chargé : faites-la, ou trouvez quelqu’un qui la fasse.
mail-step-taken-over-action = Ouvrir le dossier
mail-step-late-subject = { $reference } est en retard : { $step }
mail-step-late-text = L’étape « { $step } » de { $reference } était due le { $due }. Ni le rappel ni un remplaçant n’ont suffi. Ce message va à tous les chargés de programme.
mail-step-late-action = Ouvrir le dossier
mail-appeal-filed-subject = { $reference } : un recours attend, réponse due le { $due }
mail-appeal-filed-text = Le demandeur a formé un recours contre la décision sur { $reference }. Vous n’y avez pas pris part : vous pouvez statuer. La réponse est due le { $due }.
mail-appeal-filed-action = Lire le recours
mail-appeal-upheld-subject = { $reference } : votre recours est accueilli
mail-appeal-upheld-text =
    Votre recours concernant { $reference } est accueilli. Le dossier est rouvert.

    Motifs : { $reasons }
mail-appeal-upheld-action = Suivre votre demande
mail-appeal-rejected-subject = { $reference } : votre recours est rejeté
mail-appeal-rejected-text =
    Votre recours concernant { $reference } est rejeté. La décision est définitive.

    Motifs : { $reasons }

    Vous pouvez saisir le Médiateur européen (article 26 du règlement (UE) 2021/1173) et former un recours devant la Cour de justice de l’Union européenne (article 263 du traité sur le fonctionnement de l’Union européenne).
mail-appeal-rejected-action = Voir la décision
mail-reopened-subject = { $reference } : votre demande est réexaminée
mail-reopened-text =
    Deux chargés de programme ont rouvert le dossier de { $reference }. La décision passée ne s’applique plus.

    Motifs : { $reasons }
mail-reopened-action = Suivre votre demande
