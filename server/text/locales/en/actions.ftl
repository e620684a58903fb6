# What follows an award: changes, instalments, reports.
problem-not-possible-now = This cannot be asked for at present.
problem-already-asked = This was asked for already and waits for an answer.
problem-report-overdue = A final report of your organisation is overdue. Hand it in first; then you can hand in new applications again.

nav-actions = Changes
action-kind-supplement = More GPU-hours
action-kind-extension = A later end
action-kind-transfer = Another start
action-kind-advance = An advance on a later allocation
action-kind-renewal = Renewal
action-kind-hand-back = Hand back hours
action-means-supplement = Up to half of what was first granted, at the same price. An officer decides; GPUs are added if the time left would be too short.
action-means-extension = Up to 13 weeks more for the same hours, if the GPUs are free then. An officer decides.
action-means-transfer = The same weeks, beginning on another Monday, up to 13 weeks later. An officer decides.
action-means-advance = Up to a quarter of an allocation that has not begun, now; it is deducted there. An officer decides.
action-means-renewal = A new application, filled in from this one. It is reviewed like any other.
action-means-hand-back = Hours you do not need go to others. It happens at once and cannot be undone.
action-when-supplement = Possible while the allocation runs, until half of what was first granted was added.
action-when-extension = Possible while the allocation runs, for 13 weeks in all.
action-when-transfer = Possible until the first day.
action-when-advance = Possible from the first day on.
action-when-renewal = Possible from eight weeks before the last day until eight weeks after it.
action-when-hand-back = Possible while hours are left.
action-waits = Asked for; with a programme officer until { $due }
after-title = Ask for a change
after-history = Changes asked for
after-kind = Change
after-state = State
after-asked = Asked
after-requested = Asked for
after-awarded = Awarded
after-reason = Reasons
after-withdraw = Withdraw
after-withdraw-of = Withdraw: { $what }
action-state-asked = With an officer
action-state-unsigned = With a second officer
action-state-approved = Approved
action-state-refused = Refused
action-state-withdrawn = Withdrawn
action-state-done = Done
action-asked-flash = Your request is with a programme officer. You get a mail with the answer.
action-done-flash = The hours are handed back.
action-renewed-flash = A new application is filled in from the old one. Check it and hand it in.
action-withdrawn-flash = The request is withdrawn.
action-decided-flash = The decision is recorded.
action-signed-flash = The change is signed and in force.
action-sent-back-flash = The request is open again.
change-hours = { $hours }
change-weeks = { $weeks ->
    [one] { $weeks } week
   *[other] { $weeks } weeks
}
change-start = from { $day }
change-nothing = –
action-hours = GPU-hours
action-hours-left = { $hours } are left.
action-weeks = Weeks more
action-start = New first day
action-start-hint = Weeks begin on Mondays: the Monday of the day you choose counts.
action-later = Deducted from
action-later-choose = Choose an allocation
action-later-option = { $reference }, { $hours } from { $day }
action-no-later = There is no later allocation of yours from the same public money that has not begun.
action-end = The weeks
action-end-early = End as early as the hours allow
action-end-keep = Keep my last day
action-why = Why?
action-why-hint = An officer decides by what you write here.
action-show = Show effect and price
action-ask = Ask for it
action-hand-back-show = Show what it does
action-hand-back-submit = Hand back these hours
action-renew = Begin a new application
action-due = You get an answer by { $due }.
action-effect = What it does
action-effect-hours = GPU-hours granted
action-effect-left = GPU-hours left
action-effect-gpus = GPUs at once
action-effect-first = First day
action-effect-last = Last day
action-effect-from-to = { $before } → { $after }
action-effect-ends = The allocation ends at once, since nothing of it was used.
action-effect-frees = { $gpus } GPUs are free for others from { $day }.
action-effect-deducted = { $hours } remain of the later allocation, until { $day }.
action-price-more = What it adds to the price
action-price-less = What it takes from the price
action-price-more-total = More to pay at most
action-price-less-total = Less to pay at most
action-price-none = The price does not change.
actions-title = Changes and reports
actions-waiting = Changes that wait for an answer
actions-reports = Reports that wait for approval
actions-past = Answered last
actions-none = No change waits for an answer
actions-none-help = When a company asks for more hours, a later end or another start, it appears here with the day it is due.
actions-no-reports = No report waits for approval
actions-no-reports-help = Final and interim reports appear here as companies hand them in.
action-case-why = What the company writes
action-case-recommended = Recommended
action-outcome = Outcome
action-outcome-approved = Approve
action-outcome-refused = Refuse
action-amount-hours = Hours to award
action-amount-weeks = Weeks to award
action-amount-hint = At most what was asked for; not used for a refusal. Above the limit for awards, a second officer signs.
action-reason = Reasons
action-reason-hint = The company reads them as you write them here.
action-decide = Decide
action-sign-help = With this change the award is above the limit. If you agree with outcome and reasons, sign it.
action-sign = Sign the change
action-to-allocation = See the allocation

instalment-note = { $hours } more wait for your interim report. They can be used from the day it is approved.
report-kind-interim = Interim report
report-kind-final = Final report
report-title = { $kind } on { $reference }
reports-title = Reports
report-state-open = Your turn, due { $due }
report-state-returned = Returned to you, due { $due }
report-state-handed_in = With a programme officer
report-state-approved = Approved
report-overdue = Overdue
report-write = Write the report
report-read = Read the report
report-lead-final = Three months after the end of an allocation, the programme has to know what came of it. While this report is overdue, your organisation cannot hand in new applications.
report-lead-interim = When an officer has approved this report, the second part of your award, { $hours }, can be used.
report-not-yet = It can be handed in from the first day of the allocation on, as long as it runs.
report-due = Due
report-results = What came of it
report-results-hint = Results, also those that were not hoped for; at least ten words.
report-hours-use = What the GPU-hours were used for
report-hours-use-hint = By stages of your plan. If hours were left: why.
report-publications = Publications, models, products
report-problems = What did not work at the site or with us
report-acknowledged = Whatever we publish of it names the programme, the site and the reference of the award.
report-acknowledgement = Text to copy
report-acknowledgement-text = This work was done with computing time of Gigahours at { $site }, award { $reference }.
report-save = Save for later
report-hand-in = Hand in the report
report-saved-flash = The report is saved.
report-handed-in-flash = The report is handed in. An officer reads it.
report-decided-flash = The report is decided.
report-outcome-approved = Approve
report-outcome-returned = Return to the company
report-reason-hint = The company reads it. Needed to return a report.
report-decide = Decide on the report
report-releases = Approving releases { $hours }.
report-officer-said = What the officer wrote
report-owed = Reports you owe
home-report = { $kind } on { $reference }
home-actions = { $count ->
    [one] One change of an allocation waits for an answer
   *[other] { $count } changes of allocations wait for an answer
}
home-reports = { $count ->
    [one] One report waits for approval
   *[other] { $count } reports wait for approval
}

happened-change-approved = A change of the allocation was approved
happened-change-refused = A change of the allocation was refused
happened-hours-handed-back = Hours were handed back
happened-report-handed-in = A report was handed in
happened-report-approved = A report was approved
happened-report-returned = A report was returned
allocation-event-handed-back = { $hours } handed back
allocation-event-renewed = A renewal was begun
allocation-event-change-asked = A change was asked for: { $what }
allocation-event-change-withdrawn = Withdrawn: { $what }
allocation-event-change-awaits-signature = Decided, waiting for a second signature: { $what }
allocation-event-change-sent-back = Sent back for another look: { $what }
allocation-event-change-approved = Approved: { $what }
allocation-event-change-refused = Refused: { $what }
allocation-event-advance-deducted = { $hours } used in advance by another allocation
allocation-event-report-asked = Report asked for
allocation-event-report-handed-in = Report handed in
allocation-event-report-approved = Report approved
allocation-event-report-returned = Report returned: { $reason }
allocation-event-instalment-released = Second part released: { $hours }

mail-change-approved-subject = { $reference }: approved – { $what }
mail-change-approved-text =
    What you asked for under { $reference } is approved and in force: { $what }.

    Reasons: { $reasons }

    The page of your allocation shows what it is now.
mail-change-approved-action = See the allocation
mail-change-refused-subject = { $reference }: not approved – { $what }
mail-change-refused-text =
    What you asked for under { $reference } was not approved: { $what }. Your allocation stays as it is.

    Reasons: { $reasons }

    You can ask again at any time, and an officer who took no part in this decision decides then. You can also turn to the European Ombudsman.
mail-change-refused-action = See the allocation
mail-booking-changed-subject = { $reference }: a booking at { $site } has changed
mail-booking-changed-text =
    The booking of { $organisation } at { $site } has changed: { $gpus } { $model } from { $first } to { $last }.

    Adapt the project on your system.
mail-booking-changed-action = See the bookings
mail-report-due-subject = { $reference }: { $what } due by { $due }
mail-report-due-text =
    The report on { $reference } is due by { $due }: { $what }.

    It takes about half an hour. While a final report is overdue, your organisation cannot hand in new applications.
mail-report-due-action = Write the report
mail-report-approved-subject = { $reference }: approved – { $what }
mail-report-approved-text =
    Your report on { $reference } is approved: { $what }. Thank you.

    { $reasons }
mail-report-approved-action = See the allocation
mail-report-returned-subject = { $reference }: please mend – { $what }
mail-report-returned-text =
    Your report on { $reference } came back: { $what }.

    What to mend: { $reasons }
mail-report-returned-action = Mend the report
