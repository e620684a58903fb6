# Mails: subject, text (an empty line parts paragraphs), and the label of the one button.
mail-greeting = Bonjour,
mail-closing = Gigahours
mail-or-copy = Si le bouton ne fonctionne pas, copiez cette adresse :
mail-footer = Gigahours – des heures-GPU sur les gigafactories européennes d’IA pour les start-up et les PME. Vous recevez ce message à la suite d’une action faite dans Gigahours avec cette adresse.

mail-confirm-address-subject = Confirmez votre adresse électronique
mail-confirm-address-text =
    Quelqu’un s’est inscrit à Gigahours avec cette adresse. Si c’est vous, confirmez-la.

    Le lien fonctionne une fois, pendant 24 heures. Si ce n’est pas vous, ne faites rien.
mail-confirm-address-action = Confirmer cette adresse

mail-reset-password-subject = Choisissez un nouveau mot de passe
mail-reset-password-text =
    Quelqu’un a demandé un nouveau mot de passe pour cette adresse. Si c’est vous, continuez ici.

    Le lien fonctionne une fois, pendant une heure. Si ce n’est pas vous, ne faites rien : votre mot de passe reste inchangé.
mail-reset-password-action = Choisir un nouveau mot de passe

mail-change-address-subject = Confirmez votre nouvelle adresse électronique
mail-change-address-text =
    Quelqu’un a demandé à utiliser cette adresse pour son compte Gigahours. Si c’est vous, confirmez-la.

    Le lien fonctionne une fois, pendant 24 heures. D’ici là, votre ancienne adresse reste en usage.
mail-change-address-action = Confirmer la nouvelle adresse

mail-invitation-subject = { $organisation } vous invite sur Gigahours
mail-invitation-text =
    { $organisation } vous invite à travailler sur ses demandes d’heures-GPU.

    Le lien fonctionne une fois, pendant 14 jours. Si vous ne connaissez pas cette organisation, ne faites rien.
mail-invitation-action = Rejoindre l’organisation

mail-reviewer-invited-subject = Souhaitez-vous évaluer des demandes pour Gigahours ?
mail-reviewer-invited-text =
    Le bureau d’évaluation de Gigahours vous demande si vous accepteriez d’évaluer les demandes d’heures GPU de jeunes pousses et de petites entreprises européennes.

    Le lien explique ce à quoi vous vous engageriez. Vous pouvez y répondre oui, ou non en donnant votre raison, jusqu’au { $expires }. Si vous n’avez pas encore de compte, créez-le d’abord avec cette adresse.
mail-reviewer-invited-action = Lire l’invitation et répondre

mail-already-registered-subject = Vous avez déjà un compte Gigahours
mail-already-registered-text =
    Quelqu’un s’est inscrit à Gigahours avec cette adresse, qui a déjà un compte. Si c’était vous, connectez-vous avec votre mot de passe ou choisissez-en un nouveau ici.

    Si ce n’était pas vous, ne faites rien : rien n’a changé.
mail-already-registered-action = Choisir un nouveau mot de passe

mail-no-account-subject = Aucun compte n’utilise cette adresse
mail-no-account-text =
    Quelqu’un a demandé un nouveau mot de passe pour cette adresse, mais elle n’a pas de compte Gigahours. Si c’était vous, vous vous êtes peut-être inscrit avec une autre adresse. Vous pouvez aussi créer un compte maintenant.

    Si ce n’était pas vous, ne faites rien.
mail-no-account-action = Créer un compte

mail-leave-address-subject = Confirmez le changement de votre adresse électronique
mail-leave-address-text =
    Quelqu’un a demandé de transférer votre compte Gigahours vers { $address }. Si c’était vous, confirmez-le ici et dans le message envoyé à la nouvelle adresse.

    Le lien fonctionne une fois, pendant 24 heures. Si ce n’était pas vous, ne faites rien et changez votre mot de passe.
mail-leave-address-action = Accepter le changement

mail-approved-subject = { $reference } : acceptée
mail-approved-text =
    Votre demande { $reference } est acceptée pour { $hours }.

    Motifs : { $reasons }

    Nous cherchons maintenant de la capacité libre. Vous recevrez des offres dès qu’il y en aura.

    Si elle accorde moins que demandé, vous pouvez demander un supplément sur la page de votre allocation dès que vous avez accepté une offre : une personne qui n’a pas pris part à cette décision décidera. Vous pouvez aussi saisir le Médiateur européen.
mail-approved-action = Voir la décision

mail-refused-subject = { $reference } : non retenue
mail-refused-text =
    Votre demande { $reference } n’a pas été retenue.

    Motifs : { $reasons }

    Vous pouvez la copier, la corriger et la déposer de nouveau à tout moment. { $appeal ->
        [open] Vous pouvez aussi former un recours contre cette décision sur la page de la demande dans les { $days } jours ouvrables, jusqu’au { $until } ; un chargé de programme qui n’y a pas pris part décidera. Vous pouvez enfin saisir le Médiateur européen.
       *[none] Vous pouvez aussi saisir le Médiateur européen.
    }
mail-refused-action = Voir la décision

mail-invoice-issued-subject = Facture { $number } : { $total } à régler avant le { $due }
mail-invoice-issued-text =
    Votre facture { $number } pour du temps de calcul est jointe. Merci de régler { $total } au plus tard le { $due }.

    Sur la page de la facture, vous pouvez payer par carte ou prélèvement et voir l’utilisation derrière chaque ligne. Pour payer par virement, indiquez le numéro de la facture comme référence.
mail-invoice-issued-action = Voir et payer la facture

mail-share-issued-subject = Facture { $number } : votre part pour { $company }
mail-share-issued-text =
    Votre facture { $number } est jointe : la subvention pour ce que { $company } a utilisé. Merci de virer { $total } au plus tard le { $due }, avec le numéro de la facture comme référence.
mail-share-issued-action = Voir la facture

mail-statement-issued-subject = Relevé d’aide { $number }
mail-statement-issued-text =
    Votre relevé d’aide { $number } est joint. Rien n’est à payer.

    Le temps de calcul utilisé aurait coûté { $value }. Conservez ce relevé : son montant compte dans vos prochaines demandes d’aide.
mail-statement-issued-action = Voir le relevé

mail-rate-missing-subject = Cours { $currency } manquant pour le { $day }
mail-rate-missing-text =
    Une facture destinée à { $company } doit indiquer sa TVA en { $currency }, et il n’y a pas de cours du { $day } ni des jours précédents.

    La facture attend. Elle est émise d’elle-même dès que le cours de la Banque centrale européenne est saisi.
mail-rate-missing-action = Saisir le cours
mail-credit-note-issued-subject = Avoir { $number } sur { $invoice } : { $amount }
mail-credit-note-issued-text =
    { $amount } de { $invoice } est annulé. Le document { $number }, joint, en donne la raison.

    La page du document d’origine indique ce qui reste à payer. Ce que vous avez payé en trop peut être remboursé.
mail-credit-note-issued-action = Voir le document d’origine
mail-payment-receipt-subject = Reçu : { $amount } pour la facture { $number }
mail-payment-receipt-text = Nous avons reçu { $amount } pour la facture { $number }. Le reçu est joint. Merci.
mail-payment-receipt-action = Voir la facture

mail-refund-made-subject = { $amount } remboursés pour la facture { $number }
mail-refund-made-text =
    Nous avons remboursé { $amount } de votre paiement de la facture { $number }. La somme revient sur le compte d’origine en quelques jours.

    Motif : { $reason }
mail-refund-made-action = Voir la facture

mail-review-assigned-subject = { $reference } : acceptez-vous de l’évaluer ?
mail-review-assigned-text =
    Vous êtes invité à évaluer la demande { $reference }. Merci de répondre oui ou non avant le { $answer } ; l’évaluation elle-même est attendue avant le { $review }.

    En cas de conflit d’intérêts, déclarez-le sur cette page avant de lire quoi que ce soit d’autre.
mail-review-assigned-action = Voir de quoi il s’agit et répondre

mail-reviewer-missing-subject = { $reference } attend un évaluateur
mail-reviewer-missing-text =
    Ceux qui pouvaient évaluer { $reference } ont décliné ou n’en ont pas le temps. Plus personne n’est sollicité automatiquement : merci de choisir quelqu’un.
mail-reviewer-missing-action = Choisir un évaluateur

mail-aid-granted-subject = { $reference } : { $amount } d’aide de minimis
mail-aid-granted-text =
    Avec l’attribution { $reference }, votre entreprise reçoit une aide de minimis de l’État suivant : { $state }. Il s’agit de { $hours } sous le prix de référence. Son équivalent-subvention brut est de { $amount }. Elle a été octroyée le { $day } par { $authority } et porte le numéro { $number } de notre registre.

    C’est une aide de minimis au titre du règlement (UE) 2023/2831 de la Commission du 13 décembre 2023 relatif à l’application des articles 107 et 108 du traité sur le fonctionnement de l’Union européenne aux aides de minimis (JO L, 2023/2831, 15.12.2023, ELI : http://data.europa.eu/eli/reg/2023/2831/oj).

    Toutes les entreprises qui forment une entreprise unique avec la vôtre peuvent recevoir de cet État au plus { $ceiling } d’aides de ce type sur une période de trois ans. Conservez cette lettre dix ans et citez cette aide quand une autre autorité vous demande une déclaration. L’aide est inscrite au registre central, qui est public.

    Si vous rendez des heures ou ne les utilisez pas toutes, nous corrigeons le montant et le registre.
mail-aid-granted-action = Voir vos aides

mail-aid-exempted-subject = { $reference } : { $amount } d’aide d’État
mail-aid-exempted-text =
    Avec l’attribution { $reference }, votre entreprise reçoit une aide d’État de l’État suivant : { $state }. Il s’agit de { $hours } sous le prix de référence. Son équivalent-subvention brut est de { $amount }. Elle a été octroyée le { $day } par { $authority } et porte le numéro { $number } de notre registre.

    L’aide est exemptée de notification par le règlement (UE) n° 651/2014 de la Commission du 17 juin 2014 déclarant certaines catégories d’aides compatibles avec le marché intérieur en application des articles 107 et 108 du traité (JO L 187 du 26.6.2014, p. 1), { $article }, tel que modifié. Régime : { $scheme }.

    Les autres aides publiques pour les mêmes coûts s’y ajoutent. Conservez cette lettre dix ans. Les aides individuelles de plus de 100 000 EUR sont publiées sur les pages de transparence de la Commission.

    Si vous rendez des heures ou ne les utilisez pas toutes, nous corrigeons le montant.
mail-aid-exempted-action = Voir vos aides

mail-reminder-friendly-subject = Rappel : la facture { $number } est impayée
mail-reminder-friendly-text =
    La facture { $number } était due le { $due }, et { $amount } en restent impayés. Elle a peut-être été oubliée.

    Merci de la régler maintenant par carte, prélèvement ou virement. Si vous avez déjà payé, merci : un virement met un à deux jours ouvrables à nous parvenir. Si quelque chose ne va pas avec la facture, répondez à ce courriel.
mail-reminder-friendly-action = Voir et payer la facture

mail-reminder-firm-subject = La facture { $number } est en retard : merci de payer { $amount } maintenant
mail-reminder-firm-text =
    La facture { $number } était due le { $due }, et { $amount } en restent impayés malgré notre rappel.

    En cas de retard de paiement, la loi ajoute des intérêts, { $interest } à ce jour, et { $costs } de frais de recouvrement (directive 2011/7/UE, articles 3 et 6). Cela fait { $whole } en tout.

    Payez maintenant, ou dites-nous en répondant à ce courriel quel jour vous le ferez. Si elle reste impayée, votre organisation ne pourra plus accepter d’offres.
mail-reminder-firm-action = Voir et payer la facture

mail-reminder-block-subject = Facture { $number } : votre organisation ne peut plus réserver
mail-reminder-block-text =
    La facture { $number } était due le { $due }, et { $amount } en restent impayés. À partir d’aujourd’hui, votre organisation ne peut plus accepter d’offres. Les travaux en cours continuent.

    Des intérêts de { $interest } à ce jour et { $costs } de frais de recouvrement sont dus aussi (directive 2011/7/UE, articles 3 et 6) : { $whole } en tout.

    Dès que la facture est payée, vous pouvez à nouveau réserver.
mail-reminder-block-action = Voir et payer la facture

mail-reminder-hand-over-subject = Dernière lettre : la facture { $number } part au recouvrement
mail-reminder-hand-over-text =
    La facture { $number } était due le { $due }, et { $amount } en restent impayés. Nous confions maintenant la créance à ceux qui recouvrent pour nous, ce qui entraîne d’autres frais.

    Des intérêts de { $interest } à ce jour et { $costs } de frais de recouvrement sont dus aussi (directive 2011/7/UE, articles 3 et 6) : { $whole } en tout.

    Si vous payez tout de suite ou nous appelez, cela peut encore être arrêté.
mail-reminder-hand-over-action = Voir et payer la facture
