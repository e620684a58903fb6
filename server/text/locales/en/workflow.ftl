# Words of the workflow between submission and award.
application-asked = Your answer is awaited
workflow-step-administrative_check = Administrative check
workflow-step-technical_assessment = Technical assessment
workflow-step-expert_review = Expert review
workflow-step-rebuttal = Answer to the reviews
workflow-step-panel = Panel
workflow-step-decision = Decision
step-state-pending = To come
step-state-active = Under way
step-state-done = Done
step-outcome-admissible = Admissible
step-outcome-not_admissible = Not admissible
step-outcome-feasible = Feasible
step-outcome-feasible_with_conditions = Feasible with conditions
step-outcome-infeasible = Not feasible
step-outcome-reviewed = Reviewed
step-outcome-replied = Answered
step-outcome-lapsed = Not used
step-outcome-finished = Finished
step-outcome-approved = Approved
step-outcome-refused = Not approved
step-outcome-withdrawn = Withdrawn
course-title = Steps
course-step = Step
course-state = State
course-due = Due
course-due-stopped = The clock stands still
course-done-at = Done { $at }
course-late = Late

waits-at-administrative_check = With the programme office, which checks that the application is complete; due { $due }.
waits-at-technical_assessment = With the technical assessor at the site, answer due { $due }.
waits-at-technical_assessment-no-site = With the programme office, which chooses the site that assesses; due { $due }.
waits-at-expert_review = With the reviewers, due { $due }.
waits-at-rebuttal = It is your turn: you may answer the reviews until { $due }. Without an answer the application goes on.
waits-at-panel = With the panel, due { $due }.
waits-at-decision = With the officer who decides, due { $due }.
waits-at-signature = Decided by one officer, with a second one for signature, due { $due }.
waits-at-answer = It is your turn: we asked you something. Please answer until { $due }; the clock stands still until then.
waits-at-late-answer = We asked you something and the time to answer has passed. Nothing follows from that by itself; you can still answer.
waits-at-appeal = Your appeal is with an officer who took no part in the decision; answer due { $due }.
waits-staff-answer = With the applicant, who was asked something and may answer until { $due }. The clock stands still.
waits-staff-rebuttal = With the applicant, who may answer the reviews until { $due }.
waits-staff-appeal = The applicant appealed. With an officer who took no part in the decision; answer due { $due }.
waits-promise = Your answer is promised for { $due }.
waits-answer-link = Answer the question
waits-reply-link = Read the reviews and answer
waits-read-reviews = Read what the reviewers wrote to you

appeal-open = You can appeal against this decision within { $days } working days, until { $until }; an officer who took no part in it decides. You can also turn to the European Ombudsman.
appeal-over = The time to appeal is over. You can turn to the European Ombudsman.
appeal-link = Appeal against this decision
appeal-final = Your appeal was rejected, so this decision is final. You can turn to the European Ombudsman (Article 26 of Regulation (EU) 2021/1173), and bring an action before the Court of Justice of the European Union (Article 263 of the Treaty on the Functioning of the European Union).
appeal-was-filed = You appealed on { $at }.
appeal-title = Appeal
appeal-lead = Say what was overlooked or wrong. An officer who neither decided nor reviewed your application reads it and answers within { $days } working days.
appeal-decision-was = The decision
appeal-grounds-read = The applicant’s grounds
appeal-grounds = Your grounds
appeal-grounds-help = Name what was misread or left out, and where it stands in your application.
appeal-submit = File the appeal
appeal-filed-flash = Your appeal has arrived. This page shows who answers it and until when.
appeal-not-now = This decision cannot be appealed any more.
appeal-judge-title = Judge the appeal
appeal-due-at = Answer due { $due }
appeal-outcome = Outcome
appeal-outcome-upheld = Uphold it: the case is open again
appeal-outcome-rejected = Reject it: the decision is final
appeal-reasons = Reasons
appeal-reasons-help = The applicant reads them as you write them here.
appeal-judge-submit = Judge the appeal
appeal-judged-flash = The appeal is judged and the applicant is told.
appeal-judged-upheld = Appeal upheld
appeal-judged-rejected = Appeal rejected

answer-title = We have a question
answer-lead = Your application waits for this answer. Nothing else happens meanwhile, and our own deadlines move by as long as it takes.
answer-late-lead = The time to answer has passed, and nothing was decided because of it. You can still answer until this step is done.
answer-question = The question
answer-until = Please answer until { $due }.
answer-text = Your answer
answer-save = Save and answer later
answer-submit = Send the answer
answer-saved-flash = Saved. Nobody but your organisation sees it until you send it.
answer-sent-flash = Your answer has arrived. The application goes on.
questions-title = Questions and answers
question-asked-on = Asked { $at }
question-state-proposed = Suggested by a reviewer
question-state-open = Waits for the answer
question-state-answered = Answered
question-state-lapsed = Not answered in time
question-state-dropped = Not asked
question-ask-title = Ask the applicant
question-text = Question
question-text-help = The applicant reads it as you write it here. The clock of this step stands still until the answer or the deadline.
question-days = Time to answer
unit-working-days = working days
question-ask-submit = Ask
question-asked-flash = The question is on its way. The clock stands still.
question-pass-on = Ask this
question-drop = Do not ask
question-dropped-flash = The question is not asked.
question-suggest-title = Is something missing?
question-suggest-text = What you would like to know from the applicant
question-suggest-help = An officer asks it without saying who wanted to know.
question-suggest-submit = Suggest the question
question-suggested-flash = The officers have your suggestion.
question-is-open = The applicant has been asked something. Nothing moves before the answer or its deadline.

reply-title = Answer to the reviews
reply-lead = This is what the reviewers wrote to you. You may answer once, in at most { $words } words, until { $due }. You need not: without an answer the application goes on as it is.
reply-over = The time to answer is over.
reply-handed-in = You answered on { $at }. It can no longer be changed.
reply-comments = What the reviewers wrote to you
reply-comment = Review { $number }
reply-text = Your answer
reply-save = Save and go on later
reply-submit = Hand in the answer
reply-saved-flash = Saved. Nobody but your organisation sees it until you hand it in.
reply-sent-flash = Your answer is handed in. The application goes on.
reply-of-applicant = The applicant’s answer to the reviews

withdraw-reason = Why? Your organisation and the programme office can read it.

assessments-title = Technical assessments
assessments-lead = Applications that would like to run here. Say whether they can, and with how much of what.
assessments-empty = Nothing to assess
assessments-empty-help = When an application is to be assessed for this site, it appears here and you get a mail.
assessment-title = Technical assessment
assessment-verdict = Can it run here?
assessment-hours = GPU-hours it takes here
assessment-model = On which GPU
assessment-conditions = Conditions
assessment-conditions-help = Only if it is feasible with conditions: what must be fulfilled first.
assessment-comments = Comments for those who review and decide
assessment-submit = Hand in the assessment
assessment-done-flash = The assessment is handed in.
assessment-of = { $site }: { $verdict }
assessment-recommended = Recommended: { $hours } on { $model }
nav-site-assessments = Assessments

case-title = Steps of { $reference }
case-link = Steps and questions
case-decide = Decide
case-read = Application and reviews
case-in-charge = Put in charge after a missed deadline: { $name }
admission-title = Administrative check
admission-help = Is the application complete, from an eligible organisation, for civil use, and in the right access mode?
admission-outcome = Outcome
admission-admissible = Admissible: it goes on
admission-not_admissible = Not admissible: it is refused
admission-reasons = Reasons
admission-reasons-help = Needed for a refusal: the applicant reads them as you write them here.
admission-submit = Record the check
admission-done-flash = The check is recorded.
site-choose-title = Choose the site that assesses
site-choose-again = Ask another site
site-choose-help = The applicant named no site, or the site found it infeasible.
site-choose = Site
site-choose-submit = Ask this site
site-choose-gpus = GPUs of the sites
site-choose-free = Free in the next twelve weeks
site-choose-gpus-empty = No capacity is published
site-choose-gpus-empty-help = What sites publish for the next twelve weeks appears here.
site-chosen-flash = The site is asked.
go-on-title = Let it go on without a feasible site
go-on-reason = Why?
go-on-submit = Let it go on
go-on-consequence = The reviewers and whoever decides read the assessment and your reason.
panel-title = Panel
case-panel-note = What the panel found
panel-submit = The panel is finished
case-moved-flash = The application goes on.
reopen-title = Open the case again
reopen-consequence = A second officer has to sign this. Then the old decision goes on record, and the step that refused begins anew.
reopen-open = Open the case again
reopen-reasons = Reasons
reopen-reasons-help = The applicant reads them.
reopen-submit = Propose to open it again
reopen-proposed-flash = A second officer has to sign it now.
reopen-waits = { $name } would open this case again:
reopen-sign = Sign: open it again
reopen-drop = Leave it closed
reopen-signed-flash = The case is open again.
reopen-dropped-flash = The case stays closed.

board-step = Step
board-step-due = Step due
board-asked = Waiting for the applicant
board-clock-stopped = Stopped: asked the applicant
board-all-steps = Any step
board-all-scopes = Any mode or call
home-answer-question = Answer the question about { $title }
home-answer-reviews = Answer the reviews of { $title }
home-check-admission = Check { $reference } of { $organisation }
home-choose-site = Choose the assessing site for { $reference } of { $organisation }
home-suggested-question = Ask or drop the question that a reviewer has about { $reference } of { $organisation }
home-judge-appeal = Judge the appeal about { $reference } of { $organisation }
home-sign-reopening = Sign the reopening of { $reference } of { $organisation }
home-finish-panel = Close the panel about { $reference } of { $organisation }
home-assess = Assess { $reference } of { $organisation }

transition-submit = Handed in
transition-withdraw = Withdrawn
transition-admit = Admissible
transition-refuse-admission = Not admissible
transition-choose-site = A site was asked to assess
transition-assess = Assessed by the site
transition-assess-infeasible = The site finds it infeasible
transition-go-on = Goes on without a feasible site
transition-take-review = Taken for review
transition-give-review = Given to a reviewer
transition-give-back-review = Review given back: conflict of interest
transition-hand-in-review = Review handed in
transition-complete-reviews = Last review handed in
transition-reply = The applicant answered the reviews
transition-lapse-reply = The applicant did not answer the reviews
transition-finish-panel = Panel finished
transition-propose = Decided, waiting for the second signature
transition-approve = Approved
transition-refuse = Refused
transition-send-back = Second officer did not sign
transition-suggest-question = A reviewer would like to know something
transition-drop-question = Question not asked
transition-ask = The applicant was asked
transition-answer = The applicant answered
transition-lapse-question = Not answered in time
transition-remind = Late: reminder sent
transition-substitute = Late: somebody else may take it
transition-escalate = Late: all officers were told
transition-appeal = Appeal filed
transition-reject-appeal = Appeal rejected
transition-uphold-appeal = Appeal upheld: open again
transition-propose-reopening = Reopening proposed
transition-drop-reopening = Reopening dropped
transition-reopen = Open again, signed by two officers
transition-public-submit = Handed in
transition-public-withdraw = Withdrawn
transition-public-admit = Complete and admissible
transition-public-refuse-admission = Not admissible
transition-public-choose-site = A site was asked for its technical assessment
transition-public-assess = Technically assessed
transition-public-assess-infeasible = One site cannot run it; the programme office looks further
transition-public-go-on = Technically assessed
transition-public-take-review = With a reviewer
transition-public-give-review = With a reviewer
transition-public-hand-in-review = A review is in
transition-public-complete-reviews = All reviews are in
transition-public-reply = You answered the reviews
transition-public-lapse-reply = The time to answer the reviews is over; it goes on
transition-public-finish-panel = Discussed by the panel
transition-public-propose = Decided, waiting for the second signature
transition-public-approve = Approved
transition-public-refuse = Not approved
transition-public-send-back = Sent back for another look
transition-public-ask = We asked you something
transition-public-answer = You answered
transition-public-lapse-question = The time to answer has passed; you can still answer
transition-public-appeal = You appealed
transition-public-reject-appeal = Your appeal was rejected
transition-public-uphold-appeal = Your appeal was upheld: the case is open again
transition-public-reopen = The case was opened again

mail-review-given-subject = { $reference }: a review is yours to write
mail-review-given-text = The programme office gives you the review of { $reference }. Please hand it in by { $due }.
mail-review-given-action = Open the review
mail-assessment-due-subject = { $reference }: technical assessment due { $due }
mail-assessment-due-text = The application { $reference } would like to run at your site. Please say until { $due } whether it can, and with how many GPU-hours of which model.
mail-assessment-due-action = Assess the application
mail-reply-due-subject = { $reference }: you may answer the reviews until { $due }
mail-reply-due-text =
    The reviews of your application { $reference } are in. You may answer them once, in at most { $words } words, until { $due }.

    You need not: without an answer the application goes on as it is.
mail-reply-due-action = Read the reviews and answer
mail-reply-ends-subject = { $reference }: your answer to the reviews can be handed in until { $due }
mail-reply-ends-text = { $typed ->
    [yes] You typed an answer to the reviews of { $reference } and have not handed it in.
   *[no] You have not answered the reviews of { $reference }.
} Until { $due } you can; after that the application goes on without an answer. Nobody decides by your silence.
mail-reply-ends-action = Read the reviews and answer
mail-question-asked-subject = { $reference }: we have a question, please answer until { $due }
mail-question-asked-text =
    About your application { $reference } we would like to know:

    { $question }

    Please answer until { $due }. Our own deadlines stand still until then.
mail-question-asked-action = Answer the question
mail-question-answered-subject = { $reference }: your question is answered
mail-question-answered-text = The applicant answered your question about { $reference }. The clock of the step runs again.
mail-question-answered-action = Read the answer
mail-question-lapsed-subject = { $reference }: no answer until { $due }
mail-question-lapsed-text = The applicant of { $reference } was asked something and did not answer until { $due }. Nothing was decided by that: the clock of the step runs again, and it is for you to see what to do.
mail-question-lapsed-action = Open the case
mail-step-due-subject = { $reference }: { $step } was due on { $due }
mail-step-due-text = The step “{ $step }” of { $reference } was due on { $due } and waits for you. A working day later somebody else will be asked.
mail-step-due-action = Open it
mail-step-taken-over-subject = { $reference }: please see to the step “{ $step }”
mail-step-taken-over-text = The step “{ $step }” of { $reference } was due on { $due }, and a reminder did not help. You are in charge of it now: please do it, or find somebody who does.
mail-step-taken-over-action = Open the case
mail-step-late-subject = { $reference } is late: { $step }
mail-step-late-text = The step “{ $step }” of { $reference } was due on { $due }. Neither the reminder nor a substitute helped. This goes to all officers.
mail-step-late-action = Open the case
mail-appeal-filed-subject = { $reference }: an appeal waits, answer due { $due }
mail-appeal-filed-text = The applicant appealed against the decision on { $reference }. You took no part in it, so you can judge the appeal. The answer is due { $due }.
mail-appeal-filed-action = Read the appeal
mail-appeal-upheld-subject = { $reference }: your appeal was upheld
mail-appeal-upheld-text =
    Your appeal about { $reference } was upheld. The case is open again.

    Reasons: { $reasons }
mail-appeal-upheld-action = Follow your application
mail-appeal-rejected-subject = { $reference }: your appeal was rejected
mail-appeal-rejected-text =
    Your appeal about { $reference } was rejected. The decision is final.

    Reasons: { $reasons }

    You can turn to the European Ombudsman (Article 26 of Regulation (EU) 2021/1173), and bring an action before the Court of Justice of the European Union (Article 263 of the Treaty on the Functioning of the European Union).
mail-appeal-rejected-action = See the decision
mail-reopened-subject = { $reference }: your application is looked at again
mail-reopened-text =
    Two officers opened the case of { $reference } again. The earlier decision no longer applies.

    Reasons: { $reasons }
mail-reopened-action = Follow your application
