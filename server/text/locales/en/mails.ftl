# Mails: subject, text (an empty line parts paragraphs), and the label of the one button.
mail-greeting = Hello,
mail-closing = Gigahours
mail-or-copy = If the button does not work, copy this address:
mail-footer = Gigahours – GPU-hours on European AI gigafactories for start-ups and SMEs. You get this mail because of something done in Gigahours with this address.

mail-confirm-address-subject = Confirm your e-mail address
mail-confirm-address-text =
    Somebody signed up for Gigahours with this address. If it was you, confirm it.

    The link works once, within 24 hours. If it was not you, do nothing.
mail-confirm-address-action = Confirm this address

mail-reset-password-subject = Choose a new password
mail-reset-password-text =
    Somebody asked to choose a new password for this address. If it was you, go on here.

    The link works once, within one hour. If it was not you, do nothing: your password stays as it is.
mail-reset-password-action = Choose a new password

mail-change-address-subject = Confirm your new e-mail address
mail-change-address-text =
    Somebody asked to use this address for their Gigahours account. If it was you, confirm it.

    The link works once, within 24 hours. Until then your old address stays in use.
mail-change-address-action = Confirm the new address

mail-invitation-subject = { $organisation } invites you to Gigahours
mail-invitation-text =
    { $organisation } invites you to work on its applications for GPU-hours.

    The link works once, within 14 days. If you do not know this organisation, do nothing.
mail-invitation-action = Join the organisation

mail-reviewer-invited-subject = Would you review applications for Gigahours?
mail-reviewer-invited-text =
    The review office of Gigahours asks whether you would review applications of European start-ups and small companies for GPU-hours.

    The link leads to what you would take on. There you say yes, or no with a reason, until { $expires }. Whoever has no account yet signs up first with this address.
mail-reviewer-invited-action = Read and answer the invitation

mail-already-registered-subject = You already have a Gigahours account
mail-already-registered-text =
    Somebody signed up for Gigahours with this address, which already has an account. If it was you, sign in with the password you have, or choose a new one here.

    If it was not you, do nothing: nothing has changed.
mail-already-registered-action = Choose a new password

mail-no-account-subject = There is no account with this address
mail-no-account-text =
    Somebody asked to choose a new password for this address, but it has no Gigahours account. If it was you, perhaps you signed up with another address. You can also create an account now.

    If it was not you, do nothing.
mail-no-account-action = Create an account

mail-leave-address-subject = Confirm the change of your e-mail address
mail-leave-address-text =
    Somebody asked to move your Gigahours account to { $address }. If it was you, confirm it here and in the mail we sent to the new address.

    The link works once, within 24 hours. If it was not you, do nothing and change your password.
mail-leave-address-action = Agree to the change

mail-approved-subject = { $reference }: approved
mail-approved-text =
    Your application { $reference } is approved for { $hours }.

    Reasons: { $reasons }

    We are looking for free capacity now. You get offers to choose from as soon as there are any.

    If it grants less than you asked for, you can ask for a supplement on the page of your allocation as soon as you have accepted an offer: an officer who took no part in this decision decides. You can also turn to the European Ombudsman.
mail-approved-action = See the decision

mail-refused-subject = { $reference }: not approved
mail-refused-text =
    Your application { $reference } was not approved.

    Reasons: { $reasons }

    You can copy the application, mend it and hand it in again at any time. { $appeal ->
        [open] You can also appeal against this decision on the application's page within { $days } working days, until { $until }; an officer who did not take part decides. And you can turn to the European Ombudsman.
       *[none] You can also turn to the European Ombudsman.
    }
mail-refused-action = See the decision

mail-invoice-issued-subject = Invoice { $number }: { $total } due by { $due }
mail-invoice-issued-text =
    Your invoice { $number } for computing time is attached. Please pay { $total } by { $due }.

    On the invoice page you can pay by card or direct debit, and see the use behind every line. To pay by transfer, give the number of the invoice as reference.
mail-invoice-issued-action = See and pay the invoice

mail-share-issued-subject = Invoice { $number }: your share for { $company }
mail-share-issued-text =
    Your invoice { $number } is attached: the subsidy on what { $company } used. Please transfer { $total } by { $due }, with the number of the invoice as reference.
mail-share-issued-action = See the invoice

mail-statement-issued-subject = Statement of aid { $number }
mail-statement-issued-text =
    Your statement of aid { $number } is attached. There is nothing to pay.

    The computing time you used would have cost { $value }. Keep the statement: its amount counts in later aid applications.
mail-statement-issued-action = See the statement

mail-rate-missing-subject = Rate of { $currency } missing for { $day }
mail-rate-missing-text =
    An invoice to { $company } must say its VAT in { $currency }, and there is no rate of { $day } or of the days before it.

    The invoice waits. It is issued by itself once the rate of the European Central Bank is recorded.
mail-rate-missing-action = Record the rate
mail-credit-note-issued-subject = Credit note { $number } for { $invoice }: { $amount }
mail-credit-note-issued-text =
    { $amount } of { $invoice } is taken back. The document { $number } is attached and says why.

    On the page of the original you see what is left to pay. What you have paid beyond it can be given back.
mail-credit-note-issued-action = See the original
mail-payment-receipt-subject = Receipt: { $amount } for invoice { $number }
mail-payment-receipt-text = We received { $amount } for invoice { $number }. The receipt is attached. Thank you.
mail-payment-receipt-action = See the invoice

mail-refund-made-subject = { $amount } given back for invoice { $number }
mail-refund-made-text =
    We gave back { $amount } of your payment for invoice { $number }. It goes to the account it came from and takes a few days.

    Reason: { $reason }
mail-refund-made-action = See the invoice

mail-review-assigned-subject = { $reference }: will you review it?
mail-review-assigned-text =
    You are asked to review application { $reference }. Please say yes or no by { $answer }; the review itself is due by { $review }.

    If you have a conflict of interest, say so there before you read anything else.
mail-review-assigned-action = Read what it is about and answer

mail-reviewer-missing-subject = { $reference } needs a reviewer
mail-reviewer-missing-text =
    Whoever could be asked to review { $reference } declined or has no time. Nobody else is asked by itself: please choose somebody.
mail-reviewer-missing-action = Choose a reviewer

mail-aid-granted-subject = { $reference }: { $amount } of de minimis aid
mail-aid-granted-text =
    With the award { $reference } your company receives de minimis aid from { $state }: { $hours } below the reference price. Its gross grant equivalent is { $amount }. It was granted on { $day } by { $authority } and is number { $number } of our ledger.

    This is de minimis aid under Commission Regulation (EU) 2023/2831 of 13 December 2023 on the application of Articles 107 and 108 of the Treaty on the Functioning of the European Union to de minimis aid (OJ L, 2023/2831, 15.12.2023, ELI: http://data.europa.eu/eli/reg/2023/2831/oj).

    All the companies that are one undertaking with yours may receive at most { $ceiling } of such aid from this State over any three years. Keep this letter for ten years and name this aid when another authority asks you for a declaration. The grant is entered in the central register, which is public.

    If you hand hours back or do not use them all, we correct the amount and the register.
mail-aid-granted-action = See your aid

mail-aid-exempted-subject = { $reference }: { $amount } of State aid
mail-aid-exempted-text =
    With the award { $reference } your company receives State aid from { $state }: { $hours } below the reference price. Its gross grant equivalent is { $amount }. It was granted on { $day } by { $authority } and is number { $number } of our ledger.

    The aid is exempted from notification by Commission Regulation (EU) No 651/2014 of 17 June 2014 declaring certain categories of aid compatible with the internal market in application of Articles 107 and 108 of the Treaty (OJ L 187, 26.6.2014, p. 1), { $article }, as amended. Scheme: { $scheme }.

    Other public aid for the same costs counts together with this. Keep this letter for ten years. Individual aid above EUR 100,000 is published on the Commission’s transparency pages.

    If you hand hours back or do not use them all, we correct the amount.
mail-aid-exempted-action = See your aid

mail-reminder-friendly-subject = Reminder: invoice { $number } is unpaid
mail-reminder-friendly-text =
    Invoice { $number } was due on { $due }, and { $amount } of it is still unpaid. Perhaps it was overlooked.

    Please pay now by card, direct debit or transfer. If you have paid already, thank you: a transfer takes a working day or two to reach us. If something is wrong with the invoice, answer this mail.
mail-reminder-friendly-action = See and pay the invoice

mail-reminder-firm-subject = Invoice { $number } is overdue: please pay { $amount } now
mail-reminder-firm-text =
    Invoice { $number } was due on { $due }, and { $amount } of it is still unpaid although we reminded you.

    For late payment the law adds interest, { $interest } to this day, and { $costs } for recovery costs (Directive 2011/7/EU, Articles 3 and 6). Together that is { $whole }.

    Pay now, or tell us by answering this mail on which day you will. If it stays unpaid, your organisation can accept no more offers.
mail-reminder-firm-action = See and pay the invoice

mail-reminder-block-subject = Invoice { $number }: your organisation can book no more
mail-reminder-block-text =
    Invoice { $number } was due on { $due }, and { $amount } of it is still unpaid. From today your organisation can accept no offers. Work that runs goes on.

    Interest of { $interest } to this day and { $costs } for recovery costs are due as well (Directive 2011/7/EU, Articles 3 and 6): together { $whole }.

    Once the invoice is paid you can book again at once.
mail-reminder-block-action = See and pay the invoice

mail-reminder-hand-over-subject = Last letter: invoice { $number } goes to debt collection
mail-reminder-hand-over-text =
    Invoice { $number } was due on { $due }, and { $amount } of it is still unpaid. We now hand the claim over to those who collect debts for us, which causes further costs.

    Interest of { $interest } to this day and { $costs } for recovery costs are due as well (Directive 2011/7/EU, Articles 3 and 6): together { $whole }.

    If you pay at once or call us, this can still be stopped.
mail-reminder-hand-over-action = See and pay the invoice
