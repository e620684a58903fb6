//! What a request that went without may hope for in the place of somebody: bounds that are far cheaper than to look for
//! an award, and never below what one is worth.

use crate::{
    model::{Ask, Fit, Kind, Rectangle},
    numbers::{down, index, int},
    plan::{Placed, Plan},
};

/// An award as the list of a pool keeps it, close together: those lists are walked for everybody who went without.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    pub weight: i64,
    /// Of the whole award, in units of the objective.
    value: i64,
    pub request: u32,
    /// The most it has there at once.
    gpus: u32,
    /// From its first week there to the end of its last.
    from: u16,
    to: u16,
}

impl Stay {
    /// What of an award is in this pool.
    pub fn of((weight, request): (i64, u32), placed: &Placed, pool: usize) -> Self {
        let there = || placed.segments.iter().filter(move |one| one.pool == pool);
        let week = |at: Option<usize>| u16::try_from(at.unwrap_or(0)).unwrap_or(u16::MAX);
        Self {
            weight,
            value: placed.value,
            request,
            gpus: u32::try_from(there().map(|one| one.gpus).max().unwrap_or(0)).unwrap_or(u32::MAX),
            from: week(there().map(|one| one.start).min()),
            to: week(there().map(|one| one.start + one.weeks).max()),
        }
    }

    pub const fn key(&self) -> (i64, u32) {
        (self.weight, self.request)
    }

    pub fn holder(&self) -> usize {
        index(self.request)
    }

    fn meets(&self, from: usize, to: usize) -> bool {
        usize::from(self.from) < to && from < usize::from(self.to)
    }
}

/// A request without an award in front of a plan.
pub struct Hope<'a, 'b> {
    plan: &'a Plan<'b>,
    pub wanted: &'a Ask,
    /// Centi-hours and 1e-4 EUR that its organisation's caps leave, and the most that is left in one of its pots.
    own: (i64, i64),
    richest: i64,
    /// More than it adds to the floors, in units of the objective.
    floors: i64,
    /// One for each pool it may run in, in the order of the pools.
    pub rooms: Vec<Room<'a>>,
    /// Those where an award may have its GPUs beside everybody.
    open: Vec<usize>,
    /// Of one that may change pools: centi-hours that each week of its window has for it at most, those of all weeks, and
    /// where they are cheapest.
    weekly: Vec<i64>,
    all: i64,
    cheapest: Option<Fit>,
}

impl<'a, 'b> Hope<'a, 'b> {
    pub fn new(plan: &'a Plan<'b>, ask: usize) -> Self {
        let model = plan.model;
        let wanted = &model.asks[ask];
        let mut rooms = Vec::with_capacity(wanted.fits.len());
        let mut rectangles = model.rectangles_of(wanted);
        for (number, fit) in model.fits_of(wanted).enumerate() {
            let (here, others) = rectangles.split_at(rectangles.partition_point(|one| one.fit() <= number));
            rooms.push(Room::new(plan, wanted, fit, here));
            rectangles = others;
        }
        let mut weekly = vec![0; if wanted.kind == Kind::Split { wanted.to - wanted.from } else { 0 }];
        for room in &rooms {
            for (best, free) in weekly.iter_mut().zip(room.free) {
                *best = room.fit.hours.saturating_mul(wanted.share_of(*free)).max(*best);
            }
        }
        let open = (0..rooms.len()).filter(|at| rooms[*at].hours > 0 && rooms[*at].hours >= wanted.least).collect();
        let cheapest = model.fits_of(wanted).min_by(|one, other| {
            (i128::from(one.money) * i128::from(other.hours)).cmp(&(i128::from(other.money) * i128::from(one.hours)))
        });
        Self {
            plan,
            wanted,
            own: plan.own_left(wanted),
            richest: model.pots_for(wanted).iter().map(|pot| plan.pots[*pot]).max().unwrap_or(0),
            floors: plan.floor_gain(wanted.country, wanted.full),
            rooms,
            open,
            all: weekly.iter().sum(),
            weekly,
            cheapest,
        }
    }

    /// Whether there may be GPUs for it already, so that something else is missing.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty() || (self.wanted.kind == Kind::Split && self.all >= self.wanted.least)
    }

    /// Whether everything is there already, as far as is known: a rule about shares may be in the way.
    pub fn is_paid(&self) -> bool {
        let limits = Limits { hours: self.own.0.min(self.wanted.full), money: self.own.1.min(self.richest) };
        let mut open = self.open.iter().map(|at| &self.rooms[*at]);
        open.any(|room| room.worth(self.wanted, limits, room.hours).is_some())
            || (self.wanted.kind == Kind::Split && self.split_worth(self.all, limits).is_some())
    }

    /// Whether this one may leave GPUs of this pool to an award that is worth more: never no where it does.
    pub fn may_take(&self, room: &Room<'_>, stay: &Stay) -> bool {
        let wanted = self.wanted;
        if !stay.meets(wanted.from, wanted.to) {
            return false;
        }
        let hours = room.hours_beside(wanted, stay);
        let value = (100 * wanted.weight - room.fit.lost).max(0) * hours + wanted.base + self.floors;
        // Of one that may change pools, the rest may come from elsewhere.
        hours > 0 && (wanted.kind == Kind::Split || (hours >= wanted.least && stay.value < value))
    }

    /// Whether the request may be worth more than this holder in its place: never no where it is. The holder has less
    /// merit and an award.
    pub fn may_replace(&mut self, holder: usize, had: &Placed) -> bool {
        let most = self.most_without(holder, had);
        most.is_some_and(|(value, hours)| {
            self.with_floors(value, hours, holder, had) > had.value && self.may_keep_shares(hours, holder, had)
        })
    }

    /// The most that an award of the request is worth once the holder has left, floors aside, and the most of its
    /// centi-hours; `None` where there is none.
    fn most_without(&mut self, holder: usize, had: &Placed) -> Option<(i64, i64)> {
        let (model, wanted) = (self.plan.model, self.wanted);
        let left = &model.asks[holder];
        let is_own = left.org == wanted.org;
        let hours = self.own.0 + if is_own { had.hours } else { 0 };
        let headroom = self.own.1 + if is_own && left.de_minimis { had.money } else { 0 };
        let is_payer = model.pots_for(wanted).contains(&had.pot);
        let pot = if is_payer { self.plan.pots[had.pot] + had.money } else { 0 };
        let limits = Limits { hours: hours.min(wanted.full), money: headroom.min(self.richest.max(pot)) };
        if hours < wanted.least {
            return None;
        }
        if wanted.kind == Kind::Split {
            return self.split_without(had, limits);
        }
        let is_there = |pool: usize| had.segments.iter().any(|one| one.pool == pool);
        let mut best: Option<(i64, i64)> = None;
        let mut offer = |offered: Option<(i64, i64)>| {
            if let Some((value, hours)) = offered {
                let (most, longest) = best.unwrap_or((value, hours));
                best = Some((most.max(value), longest.max(hours)));
            }
        };
        for room in self.open.iter().map(|at| &self.rooms[*at]).filter(|room| !is_there(room.fit.pool)) {
            offer(room.worth(wanted, limits, room.hours));
        }
        // One that may not change pools is nearly always in one, and the same again gives the same.
        for one in had.segments.iter() {
            if let Ok(at) = self.rooms.binary_search_by_key(&one.pool, |room| room.fit.pool) {
                let room = &mut self.rooms[at];
                let hours = room.hours_without(wanted, had);
                offer(room.worth(wanted, limits, hours));
                if left.kind != Kind::Split {
                    break;
                }
            }
        }
        best
    }

    fn split_without(&self, had: &Placed, limits: Limits) -> Option<(i64, i64)> {
        let (wanted, mut all) = (self.wanted, self.all);
        for one in had.segments.iter() {
            let Ok(at) = self.rooms.binary_search_by_key(&one.pool, |room| room.fit.pool) else { continue };
            let room = &self.rooms[at];
            let weeks = self.weekly.iter().zip(room.free).enumerate();
            let weeks = weeks.take((one.start + one.weeks).saturating_sub(wanted.from));
            for (_, (best, free)) in weeks.skip(one.start.saturating_sub(wanted.from)) {
                all += (room.fit.hours.saturating_mul(wanted.share_of(free + one.gpus)) - best).max(0);
            }
        }
        self.split_worth(all, limits)
    }

    /// What an award of so many centi-hours at most, in any of its pools, is worth within the limits; and its centi-hours.
    fn split_worth(&self, all: i64, limits: Limits) -> Option<(i64, i64)> {
        let (wanted, fit) = (self.wanted, self.cheapest?);
        let hours = all.min(limits.hours);
        if hours < wanted.least {
            return None;
        }
        let bought = i128::from(limits.money) * i128::from(fit.hours) / i128::from(fit.money.max(1));
        let bought = if fit.money == 0 { i64::MAX } else { i64::try_from(bought).unwrap_or(i64::MAX) };
        let hours = hours.min(bought);
        (hours >= wanted.least).then(|| (100 * wanted.weight * hours + wanted.base, hours))
    }

    /// With what so many centi-hours add to the floors, less what the holder's added.
    fn with_floors(&self, value: i64, hours: i64, holder: usize, had: &Placed) -> i64 {
        let (own, other) = (self.wanted.country, self.plan.model.asks[holder].country);
        if own == other {
            return value + self.plan.floor_gain(own, hours - had.hours);
        }
        value + self.plan.floor_gain(own, hours) + self.plan.floor_gain(other, -had.hours)
    }

    /// Whether an award of so many centi-hours at most may leave the rules about shares as they are, for its own
    /// country and the minimum shares: never no where it does.
    fn may_keep_shares(&self, most: i64, holder: usize, had: &Placed) -> bool {
        let (plan, wanted) = (self.plan, self.wanted);
        let (model, left) = (plan.model, &plan.model.asks[holder]);
        let all = plan.all - had.hours;
        let country = plan.by_country[wanted.country] - if left.country == wanted.country { had.hours } else { 0 };
        let least = wanted.least;
        // The fewer of its own the better.
        let is_below = 100 * (country + least) <= model.country_max * (all + least);
        let mut groups = plan.by_group.iter().zip(&model.shares).enumerate();
        let are_reached = groups.all(|(bit, (hours, pct))| {
            let (is_in, was_in) = (i64::from(wanted.groups >> bit & 1), i64::from(left.groups >> bit & 1));
            let more = if is_in == 1 { most } else { least };
            100 * (hours - was_in * had.hours + is_in * more) >= pct * (all + more)
        });
        (is_below && are_reached) || plan.broken().is_some()
    }
}

/// Centi-hours and 1e-4 EUR that one award may have.
#[derive(Clone, Copy)]
struct Limits {
    hours: i64,
    money: i64,
}

/// Where a pool has room for a request, week by week of its window.
pub struct Room<'a> {
    pub fit: Fit,
    /// In this pool.
    rectangles: &'a [Rectangle],
    free: &'a [i64],
    /// The same with somebody gone.
    without: Vec<i64>,
    /// The most that is free in any week.
    most: i64,
    /// What all weeks with room give together, in GPU-weeks.
    all: i64,
    /// Centi-hours that an award has at most beside everybody; 0 if none fits.
    hours: i64,
    /// How many weeks with room end before each week, and begin with it; one more than there are weeks.
    before: Vec<u16>,
    after: Vec<u16>,
}

impl<'a> Room<'a> {
    fn new(plan: &'a Plan<'_>, wanted: &Ask, fit: Fit, rectangles: &'a [Rectangle]) -> Self {
        let free = &plan.free_in(fit.pool)[wanted.from..wanted.to];
        let long = free.len();
        let (mut before, mut after) = (vec![0; long + 1], vec![0; long + 1]);
        if wanted.kind == Kind::Block {
            for (week, free) in free.iter().enumerate() {
                before[week + 1] = if *free >= wanted.low { before[week] + 1 } else { 0 };
            }
            for (week, free) in free.iter().enumerate().rev() {
                after[week] = if *free >= wanted.low { after[week + 1] + 1 } else { 0 };
            }
        }
        let most = free.iter().copied().max().unwrap_or(0);
        let all = free.iter().map(|free| wanted.share_of(*free)).sum();
        let without = free.to_vec();
        let mut room = Self { fit, rectangles, free, without, most, all, hours: 0, before, after };
        room.hours = room.hours_in(wanted);
        room
    }

    /// No award here has more centi-hours once this one has left, as far as a glance tells.
    fn hours_beside(&self, wanted: &Ask, stay: &Stay) -> i64 {
        let gpus = (i64::from(stay.gpus) + self.most).min(wanted.high);
        if gpus < wanted.low {
            return 0;
        }
        let from = usize::from(stay.from).max(wanted.from) - wanted.from;
        let to = usize::from(stay.to).min(wanted.to) - wanted.from;
        let gpu_weeks = match wanted.kind {
            Kind::Block => {
                let run = usize::from(self.before[from]) + (to - from) + usize::from(self.after[to]);
                if run < wanted.weeks.0 {
                    return 0;
                }
                int(run.min(wanted.weeks.1)) * gpus
            }
            Kind::Flex | Kind::Split => self.all + int(to - from) * gpus,
        };
        self.fit.hours.saturating_mul(gpu_weeks).min(wanted.full)
    }

    /// Centi-hours that an award has here at most once this holder has left; 0 if none fits.
    fn hours_without(&mut self, wanted: &Ask, had: &Placed) -> i64 {
        self.without.copy_from_slice(self.free);
        for one in had.segments.iter().filter(|one| one.pool == self.fit.pool) {
            let (from, to) = (one.start.max(wanted.from), (one.start + one.weeks).min(wanted.to));
            for free in self.without.iter_mut().take(to.saturating_sub(wanted.from)).skip(from - wanted.from) {
                *free += one.gpus;
            }
        }
        self.hours_in(wanted)
    }

    fn hours_in(&mut self, wanted: &Ask) -> i64 {
        match wanted.kind {
            Kind::Block => self.rectangle(wanted),
            Kind::Flex => {
                let all: i64 = self.without.iter().map(|free| wanted.share_of(*free)).sum();
                all.saturating_mul(self.fit.hours).min(wanted.full)
            }
            Kind::Split => 0,
        }
    }

    /// Centi-hours of the largest rectangle in what is free without somebody, which is shrunk on the way to windows.
    fn rectangle(&mut self, wanted: &Ask) -> i64 {
        let (mut best, mut long) = (0, 1);
        for rectangle in self.rectangles {
            let weeks = rectangle.weeks();
            let Some(ends) = self.without.len().checked_sub(weeks - 1) else { break };
            // What is free in all of so many weeks from each on.
            while long < weeks {
                for week in 1..self.without.len() {
                    self.without[week - 1] = self.without[week - 1].min(self.without[week]);
                }
                long += 1;
            }
            let gpus = self.without[..ends].iter().copied().max().unwrap_or(0).min(rectangle.high());
            if gpus >= rectangle.low() {
                best = best.max(self.fit.hours.saturating_mul(int(weeks) * down(gpus, wanted.gran)));
            }
        }
        best.min(wanted.full)
    }

    /// What an award of so many centi-hours at most is worth here within the limits, and its centi-hours.
    fn worth(&self, wanted: &Ask, limits: Limits, hours: i64) -> Option<(i64, i64)> {
        if hours < wanted.least || hours == 0 {
            return None;
        }
        let bought = (limits.money / self.fit.money.max(1)).saturating_mul(self.fit.hours);
        let hours = hours.min(limits.hours).min(if self.fit.money == 0 { i64::MAX } else { bought });
        let each = (100 * wanted.weight - self.fit.lost).max(0);
        (hours >= wanted.least).then(|| (each * hours + wanted.base, hours))
    }
}
