# Words of accounts.
sign-up-title = Create an account
sign-up-intro = Two minutes, no documents. You describe your company after this.
sign-up-name = Your name
sign-up-password = Password, at least 12 characters
sign-up-submit = Create account
sign-up-privacy = We keep your name and address to run your account.
sign-up-privacy-link = Privacy notice
sign-up-have-account = I already have an account
sign-up-sent-title = Look into your mailbox
sign-up-sent-text = We have sent you a mail with a link. Open it within 24 hours to go on.
sign-up-sent-demo = This is the demo world: read the mail here
confirm-title = Confirm your address
confirm-text = One click, and the address is yours.
confirm-submit = Confirm address
confirm-done = Thank you, the address is confirmed.
link-expired-title = This link no longer works
link-expired-text = It was used already or has run out. Ask for a new one where you asked for this.
forgotten-title = Forgotten password
forgotten-text = Tell us your address and we send you a link to choose a new password.
forgotten-submit = Send the link
forgotten-sent = If there is an account with this address, a mail with a link is on its way.
reset-title = Choose a new password
reset-submit = Set the password
reset-done = The new password is set. Sign in with it.
account-title = Your account
account-about = About you
account-language = Language of mails
account-save = Save
account-saved = Saved.
account-address = E-mail address
account-address-now = Your address is { $address }.
account-new-address = New address
account-address-submit = Change the address
account-address-asked = We have sent a mail to both addresses. The change happens when you have confirmed both.
account-old-password = Current password
account-password-submit = Change the password
account-password-changed = The password is changed. Your other browsers are signed out.
language-en = English
language-fr = Français
sessions-title = Where you are signed in
sessions-caption = Browsers signed in to your account
sessions-browser = Browser
sessions-browser-name = { $browser } on { $system }
sessions-browser-unknown = An unknown browser
sessions-seen = Last used
sessions-action = Action
sessions-this = This browser
sessions-revoke = Sign out
sessions-revoke-others = Sign out everywhere else
sessions-revoked = Signed out.
home-your-turn = Your turn
home-what = To do
home-when = When and why
home-is-late = Late
home-nothing = Nothing waits for you
home-nothing-help = What needs you appears here, with the day until when.
home-until = until { $at }
home-starts = starts { $at }
home-register = Register your organisation
home-register-note = Then you can apply. If colleagues have done so already, ask them for an invitation instead.
home-read-modes = Read about the ways to get GPU-hours
home-read-modes-note = Playground, fast lane and large scale: who may, how much, how long it takes.
home-choose-mode = Start an application
home-tell-size = Tell us your size
home-tell-size-note = The price and the access modes depend on it.
home-vat-invalid = Check your VAT number
home-vat-invalid-note = The register of its country does not know it.
home-answer-offer = Answer the offer for { $reference }
home-finish-draft = Finish the application “{ $title }”
home-untitled = Untitled
home-pay = Pay invoice { $number }: { $amount }
home-hours-left = Hours left
home-under-way = Applications under way
home-to-pay = To pay
home-applications = Applications
home-application = Project
home-all-applications = All applications
home-finish-review = Finish your review of { $reference }, { $organisation }
home-answer-asked = Say whether you review { $reference }
home-run = Look at the run of { $at }: it is not published
home-take-next = { $count ->
    [one] Take the one application that waits for a reviewer
   *[other] Take the first of { $count } applications that wait for a reviewer
}
home-reviews-mine = Reviews you have begun
home-reviews-waiting = Waiting for a reviewer
home-decide = Decide on { $reference }, { $organisation }
home-countersign = Give the second signature on { $reference }, { $organisation }
home-more-to-decide = More wait for a decision: see them all
home-more-to-sign = More wait for a second signature: see them all
home-match = { $count ->
    [one] Find capacity for one approved application
   *[other] Find capacity for { $count } approved applications
}
home-late = Late
home-offers-out = Offers waiting for an answer
home-confirm-booking = Open the project of { $organisation } for { $reference }
home-running = Allocations running
home-last-reading = Last reading
home-no-reading = None yet
home-refused-readings = Readings refused in seven days
home-unmatched = { $count ->
    [one] Look at one payment that fits no invoice
   *[other] Look at { $count } payments that fit no invoice
}
home-failed-mails = { $count ->
    [one] Look at one mail that could not be delivered
   *[other] Look at { $count } mails that could not be delivered
}
home-overdue = { $count ->
    [one] One invoice is overdue
   *[other] { $count } invoices are overdue
}
home-open = Open
home-overdue-sum = Overdue
home-parked = { $count ->
    [one] Look at one job that has given up
   *[other] Look at { $count } jobs that have given up
}
home-parked-jobs = Jobs given up
home-waiting-jobs = Jobs to come
