runs-title = Competing applications
runs-lead = Applications in modes with a cut-off compete: the engine plans them together, shows how close the plan is to the best possible one, and a second officer signs it.
runs-waiting = { $count ->
    [0] Nobody waits for a run.
    [one] One approved application waits for a run.
   *[other] { $count } approved applications wait for a run.
}
runs-start = Start a run
runs-nobody = Nobody waits for a run now.
runs-made = Runs, the newest first
runs-none = No run yet
runs-none-help = Start one; it offers nothing by itself.
run-title = Run of { $at }
run-made-at = Made
run-small-share = At least for start-ups and SMEs
run-small-share-help = Share of all hours awarded.
run-country-share = At most for one country
run-country-share-help = Share of all hours awarded; 100 is no limit.
run-bonus-hours = Hours that being served counts for
run-bonus-hours-help = More of them serve more companies, fewer give more hours.
run-budget = Budget for subsidies
run-budget-help = Whole euros of subsidy that all awards together may take.
run-started = The engine is at work. Its plan appears here within a minute.
run-look-again = Look again
run-served = Served
run-served-of = { $awarded } of { $requests }
run-hours = GPU-hours awarded
run-gap = Room for a better plan
run-gap-note = No plan under these rules is worth more than that much above this one; the prices in the file prove it.
run-state = State
run-state-solving = At work
run-state-solved = Waits for a second officer
run-state-published = Published
run-progress-title = How the plan grew
run-progress-sentence = Value of the plan and the bound that no plan can pass, in hours at full merit, after so many moves of the search. The foot of the plot is not nought.
run-progress-moves = Moves
run-progress-value = Value
run-progress-bound = Bound
run-heat-title = How full the plan makes the sites
run-heat-sentence = Share of the GPUs free for this run that the plan uses, by week.
run-heat-pool = Site and GPU
run-cell = { $used } of { $free }
run-lines = Applications in this run
run-merit = Merit
run-outcome = Outcome
run-offer = { $gpus } { $model } at { $site }, { $weeks ->
    [one] one week
   *[other] { $weeks } weeks
} from { $day }
run-open = Not planned yet
run-cause-no-pool = No site offers these GPUs where the data may lie.
run-cause-never-fits = It would not fit between its first and its last day, even on empty sites.
run-cause-fair-share = Its organisation’s fair share leaves { $left } hours; it needs { $least }.
run-cause-headroom = Its organisation has €{ $left } of de minimis headroom left.
run-cause-pots = The budget leaves €{ $left }, less than it needs.
run-cause-capacity = Others hold the GPUs in every week it could run.
run-cause-country = Its country would pass its share of all hours.
run-cause-share = Start-ups and SMEs would fall below their share of all hours.
run-cause-partly = It got a part of its hours.
run-lowest = The lowest merit that holds GPUs there and then is { $score }.
run-would-fit = Tried beside all awards, each of these alone would have fitted:
run-change-fewer-at-once = { $gpus } GPUs at once
run-change-earlier = a start from { $day }
run-change-later = a last week before { $day }
run-change-also-on = also on { $gpu }
run-change-fewer-hours = { $hours } hours
run-change-anywhere = without limits on where the data may lie
run-publish = Sign and publish
run-publish-help = Everybody served gets an offer and a mail; the others keep waiting and can read why.
run-second = Whoever made a run does not sign it: a second officer does.
run-published = Signed. The offers are on their way.
run-instance-file = Instance, as a file
run-solution-file = Plan and prices, as a file
run-files = Anybody can check the plan with the two files and the command “server match verify”.
run-stop = Stop with the best plan so far
run-stopping = The engine stops with the best plan so far.
run-reached = After { $moves } moves the plan has { $gap } room to be better.
run-extra-gpus = What if: more GPUs than there are
run-extra-gpus-help = Per cent on top of every site’s. Above 0 the run answers a question and cannot be signed.
run-like = Start another run from these rules
run-compare = Compare with another run
run-compare-title = Two runs compared
run-figure = What is compared
run-one = This run
run-other = The other run
run-differing = Where they differ
run-not-in = Not in this run
run-same = Everybody gets the same in both
run-same-help = The two plans differ for no application.
run-show-all = All
run-show-served = Served
run-show-without = Without
run-who = Who gets what
run-by-merit = Served, by merit
run-by-merit-sentence = Share of the applications of each band of merit that the plan serves.
run-merit-band = { $from } to { $to }
run-by-size = By size of the organisation
run-by-country = By country
run-size = Size
run-size-startup = Start-up
run-size-sme = SME
run-size-mid = Small mid-cap
run-size-large = Large or unknown
run-country = Country
run-asked = Applications
run-hours-asked = GPU-hours asked for
run-hours-share = Share of hours
run-differing-count = { $count ->
    [0] No application gets anything else.
    [one] One application gets something else.
   *[other] { $count } applications get something else.
}
run-site-plan = Who runs when, site by site
run-site-plan-sentence = Each bar is an award of this plan; an outline is one that nobody has signed yet.
run-ties = Begin with an earlier plan, keep some of it, leave somebody out
run-after = Begin with the plan of
run-after-none = No earlier run
run-after-older = an older run
run-after-help = Awards that still fit stay where they are unless moving them gains something.
run-move-hours = Hours a move must gain
run-move-hours-help = What a plan must gain for each award of that plan that it moves, lessens or ends, in hours of merit 1.00: one hour of merit 4.00 counts four.
run-keep = Keep exactly
run-keep-help = References of applications that keep what they have in that plan, such as GH-LS-2026-00123.
run-leave-out = Leave out
run-leave-out-help = References of applications that get nothing in this run and keep waiting.
run-why = Why they are left out
run-why-help = They read this. Needed if anybody is left out.
run-cause-left-out = The programme office left it out of the run; it keeps waiting.
run-left = What is left of the pools it could use, in its own time:
run-left-none = { $pool }: never { $gpus } GPUs at once.
run-left-weeks = { $pool }: { $gpus } GPUs at once for { $weeks ->
    [one] one week
   *[other] { $weeks } weeks in a row
}, no longer, from { $day }.
run-standing-file = What it respects of an earlier plan, as a file
run-why-given-back = Its last offer was declined or lapsed; this run shares out what that left.
