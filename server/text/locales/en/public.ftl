# Pages for everybody.
landing-title = GPU-hours for European start-ups and SMEs
landing-headline = GPU-hours on European AI gigafactories, at a price a small company can pay
landing-lead = The Union and its Member States pay most of the list price. You apply online, know your price before you send anything, and book hours at the site that suits your work.
landing-start = Create an account
landing-go-home = To my home page
landing-modes = Compare the access modes
landing-free = GPU-hours free in the next four weeks
landing-free-note = { $gpus } GPUs free today at { $sites ->
    [one] { $sites } site
   *[other] { $sites } sites
}
landing-decision = From application to decision
landing-decision-note = The middle of the decisions taken so far
landing-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
landing-no-decision = –
landing-awarded = GPU-hours awarded so far
landing-awarded-note = { $awards ->
    [one] { $awards } award
   *[other] { $awards } awards
} to { $companies ->
    [one] { $companies } company
   *[other] { $companies } companies
}
landing-may-title = Who may apply
landing-may-size = Start-ups, micro, small and medium-sized enterprises, and small mid-caps. Larger companies may apply at a smaller subsidy.
landing-may-place = Legal entities established in the European Union or in a country associated to its digital and research programmes. Where you live or which passport you hold plays no part.
landing-may-use = Civilian uses only, and none that the AI Act prohibits.
landing-how-title = How it goes
landing-how-apply = You answer five short sections. The price stands beside the form as you go.
landing-how-decision = Independent reviewers look at the larger requests; every decision comes with its reasons.
landing-how-book = You get ranked offers of free capacity, choose one, and the site confirms it.
landing-how-pay = The site measures what you use. You pay your own share once a month, by card or transfer.

landing-price-title = What would it cost me?
landing-hours = GPU-hours
landing-hours-hint = Eight GPUs for a month are about 5,800.
landing-model-label = GPU model
landing-model = { $model }, { $memory } GB
landing-size = Size of your company
landing-country = Established in
landing-price-submit = Show the price
landing-price-panel = Your price
landing-price-note = For a company with a valid VAT number. Your own price is fixed when you submit an application.
landing-mode = Access mode: { $mode }. Answer within { $days ->
    [one] { $days } working day
   *[other] { $days } working days
}.

awards-title = Awards
awards-lead = Every award is public: who got how much, from which public money, and what it is worth.
awards-name = Name of the organisation
awards-country = Country
awards-model = GPU model
awards-caption = Awards, newest first
awards-organisation = Organisation
awards-class = Size
awards-site = Site
awards-hours = GPU-hours
awards-list = List price, €
awards-subsidy = Subsidy, €
awards-granted = Granted
awards-reference = Reference
awards-json = The same as JSON
awards-any = Any
awards-none = No awards to show
awards-none-help = An award appears here when the site has confirmed the booking. If you set filters, try fewer.

status-title = Status
status-as-of = As of { $at }.
status-parts = Parts of the service
status-part = Part
status-state = State
status-note = What that means
status-works = Works
status-late = Late
status-faults = Faults
status-silent = Silent
status-no-jobs = Nothing yet
status-pages = Pages and database
status-pages-note = This page was just made from the database.
status-work = Background work
status-work-note = Matching, metering and invoices run on time.
status-given-up = { $count ->
    [one] { $count } task needs an administrator.
   *[other] { $count } tasks need an administrator.
}
status-mails = Mail
status-mails-note = No mail failed in the last 24 hours.
status-mails-failed = { $count ->
    [one] { $count } mail could not be delivered in the last 24 hours.
   *[other] { $count } mails could not be delivered in the last 24 hours.
}
status-feeds = Usage readings from the sites
status-site = Site
status-last-reading = Last reading
status-never = No reading yet

demo-mails-title = Mails of the demo world
demo-mails-lead = Nothing leaves this machine. What would have been sent is kept here.
demo-mails-caption = Mails, newest first
demo-mails-subject = Subject
demo-mails-to = To
demo-mails-state = State
demo-mails-queued = Written
demo-mails-attachment = Attachment
demo-mails-no-attachment = None
demo-mails-html = Show it as a mail program does
demo-mails-all = All mails
demo-mails-none = No mails yet
demo-mails-none-help = Sign up, submit an application or let an invoice fall due, and the mail appears here.

accessibility-title = Accessibility
accessibility-text =
    We want everybody to be able to apply, review, book and pay here, whatever they use to read and to type.

    # What we aim at

    This service is built to the Web Content Accessibility Guidelines 2.2 at level AA, the level that EN 301 549 is moving to.

    - Every task can be done with the keyboard alone, and none needs JavaScript.
    - Every field has a label, its hint and its error are read with it, and the list of errors leads to each field.
    - Colour never carries a meaning alone; every plot has its figures as a table.
    - Pages work from 320 pixels on and at 400% zoom, in light and in dark.

    # What is not good enough yet

    Documents in PDF carry their text in reading order but are not fully tagged. Ask us, and you get the same contents as a page. The heat map of capacity scrolls sideways on a narrow screen; its table does not.

    # Tell us

    If something keeps you from doing what you came for, write to accessibility@gigahours.example. We answer within five working days. If our answer does not help, you can turn to the European Ombudsman.

    This statement was made by our own tests on 23 November 2026: automatic checks of the pages, and journeys by keyboard and without scripts.
privacy-title = Privacy
privacy-text =
    We keep what the programme needs in order to decide, book, measure and invoice, and nothing for advertising. No page loads anything from another host.

    # What we keep, and why

    - Your name, e-mail address and a hash of your password: so that you can sign in. The legal basis is the contract with your organisation.
    - Your organisation's facts and figures: to establish its size, its place and its VAT treatment. The legal basis is the law on State aid and on VAT.
    - Applications, reviews and decisions with their reasons: so that decisions can be explained and contested.
    - Measured use by job, without your data or your code: so that invoices can be checked.
    - A record of who did what, kept so that it cannot be changed.

    # Who sees it

    Reviewers see the application but not your invoices; sites see what they host; finance sees what is to be paid. Awards are published with the organisation's name, as the law on State aid demands. Card payments are made on the payment provider's own page; we never see the card.

    # How long

    Records of aid are kept for ten years after the last aid of the scheme, invoices for ten years, everything else for two years after your last allocation ended. Sign-in records are deleted after 90 days.

    # Cookies

    One cookie keeps you signed in, one keeps your language and one your colours. All three are necessary for what you ask for, so there is no banner.

    # Your rights

    You can see, correct, export and delete what concerns you, as far as the law does not make us keep it. Write to privacy@gigahours.example. You can complain to the European Data Protection Supervisor, or to the authority of your country.
imprint-title = Imprint
imprint-text =
    Gigahours is a demonstration. The body named here is invented, and so is everything in the demo world.

    # Published by

    Gigahours Programme Office, Rue de l’Exemple 1, 1000 Brussels, Belgium

    # Contact

    office@gigahours.example. Single point of contact for authorities and for users under Articles 11 and 12 of Regulation (EU) 2022/2065: the same address, in English and French.

    # Complaints and remedies

    Every decision names its reasons and how to contest it. You may also turn to the European Ombudsman.
