# Words of allocations.

mail-offer-made-subject = { $reference }: an offer of { $hours } at { $site }
mail-offer-made-text =
    Your application { $reference } has an offer: { $gpus } { $model } at { $site } from { $day }, { $hours } in all.

    We hold these GPUs for you until { $expires }. Until then you can accept, pick another slot, or decline. After that they go back, and we look for another slot.
mail-offer-made-action = Look at the offer

mail-offer-lapsed-subject = { $reference }: the offer has lapsed
mail-offer-lapsed-text =
    The offer for { $reference } was not answered in time, and the GPUs went back. Your approval still stands.

    You need do nothing: as soon as another slot fits, you get a new offer.
mail-offer-lapsed-action = Open the application

mail-booking-made-subject = { $reference }: a booking at { $site }
mail-booking-made-text =
    { $organisation } has booked { $gpus } { $model } at { $site } from { $day }.

    Open the project on your system, then confirm the booking. If you cannot deliver, refuse it there with a reason.
mail-booking-made-action = See the bookings

mail-booking-refused-subject = { $reference }: { $site } cannot deliver
mail-booking-refused-text =
    { $site } cannot deliver what you booked under { $reference }.

    Reason: { $reason }

    Nothing is charged and your approval stands. We are looking for another slot now; you get a new offer as soon as there is one.
mail-booking-refused-action = See the application

mail-allocation-confirmed-subject = { $reference }: { $site } is ready for you
mail-allocation-confirmed-text =
    { $site } has opened your project for { $reference }. You can use your GPUs from { $day }.

    The page of your allocation says how to connect and shows what you use.
mail-allocation-confirmed-action = See how to connect

mail-grace-begun-subject = { $reference }: all GPU-hours are used
mail-grace-begun-text =
    All { $hours } of your award are used.

    Jobs may go on until { $ends }; what they use until then is not charged. Then the site stops them. If you need more hours, ask for them before.
mail-grace-begun-action = See the allocation
mail-grace-at-site-subject = { $reference }: used up, jobs until { $ends }
mail-grace-at-site-text =
    All GPU-hours of this allocation are used.

    Let its jobs go on until { $ends }, and stop them then. Readings of what runs after that are refused.
mail-grace-at-site-action = See the allocation
mail-quota-warning-subject = { $quota }: { $percent }% of the quota are bound
mail-quota-warning-text =
    { $percent }% of this quota are bound: { $quota }.

    Of { $hours }, { $free } are free. A booking that takes more than that is refused.
mail-quota-warning-action = See what is bound
mail-usage-warning-subject = { $reference }: { $percent }% of your GPU-hours are used
mail-usage-warning-text =
    { $percent }% of the GPU-hours of { $reference } are used. { $left } are left, and your slot runs until { $day }.

    Use beyond the grant is not billed to you. Once nothing is left, we tell you until when jobs may go on before the site stops them.
mail-usage-warning-action = See the use day by day

mail-allocation-ended-subject = { $reference }: your allocation has ended
mail-allocation-ended-text =
    The weeks of { $reference } are over. You used { $used } of { $granted }; what was left has been given back.

    An invoice, or a statement if everything was subsidised, follows by mail.
mail-allocation-ended-action = See what was used

offer-title = Offer for { $reference }
offer-at = Offer at { $site }
offer-held-until = These GPUs are held for you until { $until }. Accept, pick another slot, or decline.
offer-part = { $given } of the { $asked } you asked for; the whole could not be had
demand-title = How sought after these GPUs were
demand-note = In the calmest weeks between your dates, by the last matching run that was signed. The next run may find it otherwise.
offer-demand = How sought after
offer-demand-calm = Room for all
offer-demand-sought = Sought after
offer-demand-scarce = Scarce
offer-demand-unknown = Not known yet
offer-waits = This offer waits for the applicant's answer.
offer-lapsed = This offer was not answered in time, and the GPUs went back. As soon as another slot fits, there is a new offer.
offer-was-declined = This offer was declined, and the GPUs went back.
offer-was-accepted = This offer was accepted.
offer-to-allocation = Open the allocation
offer-accepting-title = What accepting means
offer-accepting-books = The GPUs are booked for you for these weeks, and nobody else can have them.
offer-accepting-bills = You pay your own share of the hours you use, once a month and at the end; hours you do not use are not billed.
offer-accepting-operator = The site opens your project and you get a mail that says how to connect.
offer-accept = Accept and book
offer-accepted = The slot is booked. The site opens your project next and you get a mail.
offer-decline-open = Decline this offer
offer-decline-consequence = The GPUs go back to the others who wait. You keep your approval, and get another offer when another slot fits.
offer-decline = Decline offer
offer-declined = The offer is declined.
offer-others-title = Other slots you can have
offer-others-lead = Nobody holds these: they are yours as soon as you pick one, as long as it is free.
offer-others-caption = Other slots, best first
offer-no-others = No other slot fits your application at present.
offer-pick = Pick this slot
offer-slot = Slot
offer-slot-choose = Choose a week and a site
offer-slot-hint = Every slot that fits your application, by first day.
offer-slot-option = { $day }: { $site }, { $gpus } { $model }, { $weeks ->
    [one] { $weeks } week
   *[other] { $weeks } weeks
}
offer-slot-submit = Hold this slot instead
offer-moved = The other slot is held for you now. Accept it to book it.
allocations-title = Offers and allocations
allocations-offers = Offers that wait for you
allocations-running = Booked and running
allocations-past = Past
allocations-empty-title = No offers and no allocations yet
allocations-empty-help = When an application is approved, an offer of GPUs appears here.
allocations-empty-action = My applications
allocation-title = Allocation { $reference }
allocation-at = { $reference } at { $site }
allocation-reference = Reference
allocation-organisation = Organisation
allocation-site = Site
allocation-gpus = GPUs
allocation-gpus-of = { $gpus } { $model } at once
allocation-gpus-up-to = Up to { $gpus } { $model } at once
allocation-stretches = The weeks and their GPUs
allocation-stretches-lead = You said that the work may pause: this is when it has GPUs, and how many.
allocation-first-day = First day
allocation-last-day = Last day
allocation-weeks = Weeks
allocation-hours = GPU-hours
allocation-used = Used
allocation-state = State
allocation-state-offered = Your answer is due
allocation-state-lapsed = Lapsed
allocation-state-declined = Declined
allocation-state-accepted = With the site, to open the project
allocation-state-active = Open
allocation-state-ended = Ended
allocation-waits-operator = The slot is booked. The site's operator opens your project next, and you get a mail that says how to connect.
allocation-used-hours = GPU-hours used
allocation-used-note = { $share } of { $granted }
allocation-left-hours = GPU-hours left
allocation-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
allocation-days-left = Left at this pace
allocation-days-left-note = at the pace of the last seven days
allocation-overrun = { $hours } were used beyond the grant. They are not billed.
allocation-no-use-title = No use yet
allocation-no-use-help = From the first day on, this shows what is used against a straight line to the end.
allocation-plot-title = Use, day by day
allocation-plot-ahead = { $used } are used; a straight line would be at { $line }. At this pace the hours end early.
allocation-plot-behind = { $used } are used; a straight line would be at { $line }. Hours not used by the last day are given back.
allocation-plot-used = Used
allocation-plot-line = Straight line
allocation-day = Day
allocation-jobs = Jobs
allocation-job = Job
allocation-job-gpus = Most GPUs at once
allocation-job-first = First reading
allocation-job-last = Last reading
allocation-no-jobs-title = No jobs yet
allocation-no-jobs-help = Jobs appear here as the site's meter reports them.
allocation-connect = How to connect
allocation-connect-help = Log in with the account the site gave you:
allocation-connect-project = Name this project when you submit a job:
allocation-timeline = Timeline
allocation-event-offered = Offer made at { $site }
allocation-event-moved = Moved to another slot at { $site }
allocation-event-accepted = Offer accepted
allocation-event-declined = Offer declined
allocation-event-lapsed = Offer lapsed
allocation-event-confirmed = Project opened by { $site }
allocation-event-refused = { $site } could not deliver: { $reason }
allocation-grace = All GPU-hours of this award are used. Jobs may go on until { $ends }; what they use until then is not charged. Then the site stops them, and use is no longer taken. Ask for more hours before, if you need them.
allocation-grace-over = All GPU-hours of this award are used, and since { $ends } no job may run.
allocation-event-used-up = All GPU-hours used
allocation-event-warned = { $percent }% used
allocation-event-ended = Ended; { $hours } given back
allocation-event-downtime = The site was down: { $reason }
allocation-event-use-corrected = Less counts: { $hours } taken back
allocation-event-use-forgiven = { $hours } no longer charged: { $reason }
allocation-price = Price
allocation-price-list = List price
allocation-price-list-why = Hours granted at the list price of the day you submitted.
allocation-price-subsidy = Subsidy
allocation-price-subsidy-why = The share that public money carries for an organisation of your size.
allocation-price-own = Your own share
allocation-price-own-why = List price less subsidy, if you use every hour.
allocation-price-vat = VAT
allocation-price-vat-why = By the place and the VAT number of your organisation.
allocation-price-due = To pay at most
allocation-price-note = You pay for the hours you use; this is the most it can be. VAT is charged as the law says on the day of the invoice.
