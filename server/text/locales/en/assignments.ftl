# Words of reviews that are given out.
assignment-title = Give out reviews
assignment-lead = Who reviews what is reckoned as one: every application gets its number of reviews and somebody who knows its subject, loads are balanced, and a conflict of interest is never possible. You look, change, and give out.
assignment-waiting = Applications that wait
assignment-missing = Reviews still to give out
assignment-reviewers = Reviewers
assignment-given-out = Reviews in the proposal
assignment-made = Reckoned { $at }.
assignment-optimal = Nothing better exists: proven.
assignment-gap = At most { $points } points better are possible.
assignment-propose-help = Everything that waits is shared out among all reviewers who may and have time. Nobody is told before you give it out.
assignment-propose = Propose who reviews what
assignment-proposed = The proposal is ready. Nobody has been told yet.
assignment-again = Propose anew
assignment-commit-help = Every reviewer gets a mail and says yes or no. Conflicts, loads and states are checked once more.
assignment-commit = Give out these reviews
assignment-committed = The reviews are given out, and everybody has their mail.
assignment-stopped = Nothing was given out. Propose anew, or change these by hand: { $pairs }
assignment-proposal = Proposal
assignment-none = There is nothing to give out
assignment-none-help = Applications appear here when they wait for reviews that nobody is asked for.
assignment-reviewer = Reviewer
assignment-application = Application
assignment-why = Why
assignment-affinity = Affinity
assignment-load = Load
assignment-next = Next best
assignment-change = Change
assignment-pinned = Pinned
assignment-expert = Knows the subject
assignment-bid-eager = Would like to
assignment-bid-willing = Is willing
assignment-bid-unwilling = Would rather not
assignment-bid-conflict = In conflict
assignment-words = In common: { $words }
assignment-no-words = Nothing in common is known; chosen for their load.
assignment-nobody-else = Nobody else may and has time.
assignment-next-of = { $reviewer }, { $points } points less
assignment-next-inexpert = { $reviewer }, { $points } points less, and nobody would know the subject
assignment-pin = Pin
assignment-pin-of = Pin { $reviewer } to { $reference }
assignment-free = Free
assignment-free-of = Free { $reviewer } from { $reference }
assignment-forbid = Not this one
assignment-forbid-of = { $reviewer } does not get { $reference }
assignment-by-hand = Change a pair by hand
assignment-choose = Choose
assignment-hand = What
assignment-hand-pin = This reviewer gets it
assignment-hand-forbid = This reviewer does not get it
assignment-hand-free = Leave it to the reckoning again
assignment-change-submit = Reckon anew
assignment-changed = The proposal is reckoned anew around your change.
assignment-fixed-pin = By hand: { $reviewer } gets { $reference }.
assignment-fixed-forbid = By hand: { $reviewer } does not get { $reference }.
assignment-lacking = { $count ->
    [one] One application does not get everything
   *[other] { $count } applications do not get everything
}
assignment-lacks = { $count ->
    [one] { $reference } lacks one review.
   *[other] { $reference } lacks { $count } reviews.
}
assignment-lacks-expert = { $count ->
    [one] { $reference } gets nobody who knows its subject.
   *[other] { $reference } lacks { $count } reviewers who know its subject.
}
assignment-lack-nobody = There is no reviewer.
assignment-lack-conflicts = Everybody left is in conflict or was asked before.
assignment-lack-loads = Everybody who may has as many open reviews as they take on.
assignment-lack-company = Whoever may and has time is a colleague of somebody who is on it.
assignment-lack-noexpert = No reviewer who may review it is known to know the subject.
assignment-lack-expertsfull = Those who know the subject have as many open reviews as they take on.
assignment-lack-expertsapart = Those who know the subject are colleagues of somebody who is on it.
assignment-lack-counts = (In conflict or asked before: { $conflicted }, full: { $full }, colleagues: { $apart }.)
assignment-loads = Open reviews of each reviewer
assignment-loads-sentence = How many each would have with this proposal; the table has what they have now and their limit.
assignment-load-after = With the proposal
assignment-load-words = { $after } of { $limit }; now { $before }
assignment-asked = Who is asked
assignment-asked-none = Nobody is asked
assignment-asked-none-help = Whoever is asked appears here with their answer, once reviews are given out.
assignment-due = Due
assignment-declined-why = Reason
assignment-state-offered = Asked
assignment-state-accepted = Said yes
assignment-state-declined = Declined
assignment-state-released = Released
assignment-give = Ask somebody directly
assignment-give-submit = Ask this reviewer
assignment-given = The reviewer has a mail and says yes or no.
assigned-title = You are asked to review
assigned-project = Project
assigned-answer-due = Say yes or no by
assigned-review-due = Review due
assigned-summary = What it is about
assigned-accept = Accept the review
assigned-accepted = The review is yours.
assigned-is-accepted = You have accepted this review.
assigned-open = Open the review
assigned-is-closed = You are no longer asked for this review.
assigned-decline-open = I cannot review it
assigned-decline-help = Somebody else is asked at once. The officer reads your reason; the applicant does not.
assigned-reason = Why not?
assigned-decline = Decline the review
assigned-declined = You have declined. Thank you for saying so.
assigned-conflict-help = If you have an interest in this company or one it competes with, say so instead of declining.
assignment-scopes = Call or mode
