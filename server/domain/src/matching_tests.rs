//! What a plan promises: never more than there is, first come first served, the same every time, and reasons.

use chrono::{Days, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::gpu::GpuTime;

const TODAY: (i32, u32, u32) = (2026, 11, 23);

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(TODAY.0, TODAY.1, TODAY.2).unwrap()
}

fn monday(weeks: u64) -> NaiveDate {
    today() + Days::new(7 * weeks)
}

fn site(n: u128) -> SiteId {
    SiteId::from_uuid(Uuid::from_u128(n))
}

fn window(site_n: u128, country: &str, model: GpuModel, week: u64, gpus: i64) -> Window {
    Window {
        site: site(site_n),
        country: Country::from_code(country).unwrap(),
        model,
        week: monday(week),
        gpus,
        maintenance: 0,
        held: 0,
        booked: 0,
    }
}

fn run_of(site_n: u128, country: &str, model: GpuModel, gpus: i64) -> Vec<Window> {
    (0..12).map(|week| window(site_n, country, model, week, gpus)).collect()
}

/// Two weeks of eight H100s between the next Monday and eight weeks on.
fn request(n: u128) -> Request {
    Request {
        application: ApplicationId::from_uuid(Uuid::from_u128(n)),
        since: DateTime::UNIX_EPOCH + TimeDelta::hours(i64::try_from(n).unwrap()),
        need: Need {
            model: GpuModel::H100,
            fallback: vec![],
            gpus: 8,
            gpu_time: GpuTime::hours(8 * 168 * 2).unwrap(),
            earliest: today(),
            deadline: monday(8),
            flexible: true,
            pauses: false,
            residency: Residency::Union,
            least: BasisPoints::WHOLE,
            preferred: vec![],
            offered_at: vec![],
        },
        refused: vec![],
        preferred: vec![],
        only: None,
    }
}

fn first(plan: &Plan) -> Slot {
    plan.placed[0].offers[0]
}

#[test]
fn the_first_to_come_gets_the_first_week_and_the_next_gets_the_next() {
    let windows = run_of(1, "FR", GpuModel::H100, 8);
    let plan = plan(&[request(2), request(1)], &windows, today());
    assert_eq!(plan.placed[0].application, request(1).application);
    assert_eq!(plan.placed[0].offers[0].first_week, monday(1));
    assert_eq!(plan.placed[1].offers[0].first_week, monday(3));
}

#[test]
fn the_wanted_model_beats_an_earlier_fallback() {
    let mut windows = run_of(1, "FR", GpuModel::A100, 100);
    windows.extend((3..12).map(|week| window(2, "DE", GpuModel::H100, week, 8)));
    let mut wants = request(1);
    wants.need.fallback = vec![GpuModel::A100];
    let plan = plan(&[wants], &windows, today());
    assert_eq!((first(&plan).model, first(&plan).first_week), (GpuModel::H100, monday(3)));
    assert!(plan.placed[0].offers.iter().skip(1).any(|slot| slot.model == GpuModel::A100));
}

#[test]
fn what_was_declined_is_not_offered_again() {
    let windows = run_of(1, "FR", GpuModel::H100, 8);
    let mut wants = request(1);
    wants.refused = vec![first(&plan(&[request(1)], &windows, today()))];
    assert_eq!(first(&plan(&[wants], &windows, today())).first_week, monday(2));
}

#[test]
fn the_emptier_of_two_sites_comes_first() {
    let mut windows = run_of(1, "FR", GpuModel::H100, 10);
    windows.extend(run_of(2, "DE", GpuModel::H100, 50));
    assert_eq!(first(&plan(&[request(1)], &windows, today())).site, site(2));
}

#[test]
fn a_flexible_request_takes_fewer_gpus_for_longer() {
    let windows = run_of(1, "FR", GpuModel::H100, 4);
    let wants = request(1);
    let slot = first(&plan(&[wants], &windows, today()));
    assert_eq!((slot.gpus, slot.weeks), (4, 4));
}

#[test]
fn who_is_not_flexible_starts_in_the_first_week_or_not_at_all() {
    let windows: Vec<Window> = (2..12).map(|week| window(1, "FR", GpuModel::H100, week, 8)).collect();
    let mut wants = request(1);
    assert_eq!(first(&plan(&[wants.clone()], &windows, today())).first_week, monday(2));
    wants.need.flexible = false;
    let found = plan(&[wants], &windows, today());
    assert!(found.placed.is_empty());
    assert!(found.waiting[0].why.remedies.contains(&Remedy::Flexible));
}

#[test]
fn the_last_day_is_kept() {
    let windows = run_of(1, "FR", GpuModel::H100, 8);
    let mut wants = request(1);
    wants.need.deadline = monday(3).pred_opt().unwrap();
    assert_eq!(plan(&[wants.clone()], &windows, today()).placed.len(), 1);
    wants.need.deadline = wants.need.deadline.pred_opt().unwrap();
    let plan = plan(&[wants], &windows, today());
    assert_eq!(plan.waiting[0].why.cause, Cause::WindowTooShort);
    let remedies = &plan.waiting[0].why.remedies;
    assert!(remedies.contains(&Remedy::Later { deadline: monday(3).pred_opt().unwrap() }), "{remedies:?}");
}

#[test]
fn reasons_name_what_would_make_an_offer() {
    let mut windows = run_of(1, "FR", GpuModel::H100, 7);
    windows.extend(run_of(2, "NO", GpuModel::H100, 100));
    windows.extend(run_of(3, "DE", GpuModel::MI300X, 100));
    let mut wants = request(1);
    wants.need.flexible = false;
    let plan = plan(&[wants], &windows, today());
    let why = &plan.waiting[0].why;
    assert_eq!(why.cause, Cause::Full);
    assert_eq!(
        why.remedies,
        [
            Remedy::FewerGpus { gpus: 7 },
            Remedy::Flexible,
            Remedy::OtherModel { model: GpuModel::MI300X },
            Remedy::Wider
        ]
    );
}

#[test]
fn nobody_has_it_or_not_where_the_data_may_lie() {
    let abroad = run_of(1, "NO", GpuModel::H100, 100);
    assert_eq!(plan(&[request(1)], &abroad, today()).waiting[0].why.cause, Cause::Residency);
    let other = run_of(1, "FR", GpuModel::A100, 100);
    let found = plan(&[request(1)], &other, today());
    assert_eq!(found.waiting[0].why.cause, Cause::NoSuchModel);
    assert_eq!(found.waiting[0].why.remedies, [Remedy::OtherModel { model: GpuModel::A100 }]);
    assert_eq!(plan(&[request(1)], &[], today()).waiting[0].why.remedies, []);
}

#[test]
fn alternatives_suit_the_need() {
    let windows = run_of(1, "FR", GpuModel::H100, 8);
    let slots = alternatives(&request(1), &windows, today(), 50);
    assert_eq!(slots.len(), 6 + 4, "two weeks of 8 from Mondays 1 to 6, four weeks of 4 from Mondays 1 to 4");
    for slot in slots {
        assert!(suits(&request(1).need, &slot, Country::from_code("FR").unwrap(), today()));
        assert!(!suits(&request(1).need, &slot, Country::from_code("NO").unwrap(), today()));
    }
}

prop_compose! {
    fn any_window()(site_n in 1_u128..4, week in 0_u64..10, model in 0_usize..3, gpus in 0_i64..40, taken in 0_i64..20)
        -> Window {
        let country = ["FR", "DE", "NO"][usize::try_from(site_n).unwrap() - 1];
        Window { booked: taken.min(gpus), ..window(site_n, country, GpuModel::ALL[model], week, gpus) }
    }
}

#[test]
fn a_part_is_offered_where_the_whole_has_no_room_and_a_part_is_of_use() {
    // Two weeks of eight are asked for; eight are free for one week, and none later.
    let windows = vec![window(1, "FR", GpuModel::H100, 1, 8)];
    let mut wants = request(1);
    let Why { remedies, .. } = plan(&[wants.clone()], &windows, today()).waiting[0].why.clone();
    assert!(remedies.contains(&Remedy::FewerHours { hours: 8 * 168 }), "{remedies:?}");
    wants.need.least = BasisPoints::new(7_500);
    assert!(plan(&[wants.clone()], &windows, today()).placed.is_empty(), "three quarters need two weeks");
    wants.need.least = BasisPoints::new(2_500);
    let made = plan(&[wants], &windows, today());
    assert_eq!(made.placed[0].gpu_time, GpuTime::hours(8 * 168).unwrap(), "the largest part that fits");
    assert_eq!((made.placed[0].offers[0].weeks, made.placed[0].offers[0].gpus), (1, 8));
}

#[test]
fn of_two_sites_that_start_together_the_preferred_comes_first() {
    let windows = [run_of(1, "FR", GpuModel::H100, 64), run_of(2, "DE", GpuModel::H100, 8)].concat();
    let mut wants = request(1);
    assert_eq!(first(&plan(&[wants.clone()], &windows, today())).site, site(1), "the emptier one");
    wants.preferred = vec![site(2)];
    assert_eq!(first(&plan(&[wants.clone()], &windows, today())).site, site(2));
    // Nobody waits for the site they prefer while another has room now.
    let late = [run_of(1, "FR", GpuModel::H100, 64), run_of(2, "DE", GpuModel::H100, 8)[3..].to_vec()].concat();
    assert_eq!(first(&plan(&[wants], &late, today())).site, site(1));
}

#[test]
fn what_its_call_offers_at_one_site_is_never_placed_at_another() {
    let windows = [run_of(1, "FR", GpuModel::H100, 64), run_of(2, "DE", GpuModel::H100, 8)].concat();
    let wants = Request { only: Some(vec![site(2)]), preferred: vec![site(1)], ..request(1) };
    assert_eq!(first(&plan(std::slice::from_ref(&wants), &windows, today())).site, site(2));
    assert!(alternatives(&wants, &windows, today(), 50).iter().all(|slot| slot.site == site(2)));
    let nowhere = Request { only: Some(vec![site(3)]), ..wants };
    let made = plan(&[nowhere], &windows, today());
    assert_eq!(made.waiting[0].why.cause, Cause::NoSuchModel, "none where it may run");
}

prop_compose! {
    fn any_request()(
        n in 1_u128..1_000_000, model in 0_usize..3, other in 0_usize..3, gpus in 1_i64..30, hours in 1_i64..20_000,
        start in 0_u64..6, length in 1_u64..8, flexible in any::<bool>(), union in any::<bool>(),
        least in prop::sample::select(vec![10_000, 5_000, 2_500]),
    ) -> Request {
        let mut request = request(n);
        request.need = Need {
            model: GpuModel::ALL[model],
            fallback: vec![GpuModel::ALL[other]],
            gpus,
            gpu_time: GpuTime::hours(hours).unwrap(),
            earliest: monday(start),
            deadline: monday(start + length),
            flexible,
            pauses: false,
            residency: if union { Residency::Union } else { Residency::Eea },
            least: BasisPoints::new(least),
            preferred: vec![],
            offered_at: vec![],
        };
        request
    }
}

proptest! {
    #[test]
    fn whoever_comes_later_takes_nothing_from_those_before(
        windows in prop::collection::vec(any_window(), 0..40),
        requests in prop::collection::vec(any_request(), 1..20),
        last in any::<prop::sample::Index>(),
    ) {
        let mut unique = BTreeMap::new();
        unique.extend(windows.into_iter().map(|window| ((window.site, window.model, window.week), window)));
        let windows: Vec<Window> = unique.into_values().collect();
        let mut requests: Vec<Request> = requests;
        requests.sort_by_key(|request| (request.since, request.application));
        requests.dedup_by_key(|request| request.application);
        let all = plan(&requests, &windows, today());
        let early = last.index(requests.len()) + 1;
        let before = plan(&requests[..early], &windows, today());
        // Each has the offers, or waits for the reason, that it would have if nobody had come after it.
        let placed: Vec<&Placement> = all.placed.iter().take(before.placed.len()).collect();
        prop_assert_eq!(placed, before.placed.iter().collect::<Vec<_>>());
        let waiting: Vec<&Waiting> = all.waiting.iter().take(before.waiting.len()).collect();
        prop_assert_eq!(waiting, before.waiting.iter().collect::<Vec<_>>());
        prop_assert_eq!(before.placed.len() + before.waiting.len(), early);
    }

    #[test]
    fn a_plan_never_overbooks_and_keeps_every_wish(
        windows in prop::collection::vec(any_window(), 0..60),
        requests in prop::collection::vec(any_request(), 0..30),
    ) {
        let mut unique = BTreeMap::new();
        for window in windows {
            unique.insert((window.site, window.model, window.week), window);
        }
        let windows: Vec<Window> = unique.values().copied().collect();
        let made = plan(&requests, &windows, today());
        prop_assert_eq!(made.placed.len() + made.waiting.len(), requests.len());
        let mut taken: BTreeMap<(SiteId, GpuModel, NaiveDate), i64> = BTreeMap::new();
        for placement in &made.placed {
            let best = placement.offers[0];
            for week in best.mondays() {
                *taken.entry((best.site, best.model, week)).or_default() += best.gpus;
            }
            let asked = requests.iter().find(|r| r.application == placement.application).unwrap();
            prop_assert!(placement.gpu_time.whole_hours() >= asked.need.least_hours());
            for slot in &placement.offers {
                let country = windows.iter().find(|w| w.site == slot.site).unwrap().country;
                let suits = |r: &Request| {
                    suits(&Need { gpu_time: placement.gpu_time, ..r.need.clone() }, slot, country, today())
                };
                prop_assert!(requests.iter().filter(|r| r.application == asked.application).any(suits));
            }
        }
        for (key, gpus) in &taken {
            let window = unique.get(key);
            prop_assert!(window.is_some_and(|window| *gpus <= window.free()), "{key:?}: {gpus} of {window:?}");
        }
        let mut backwards = requests.clone();
        backwards.reverse();
        let mut ids: Vec<_> = requests.iter().map(|r| r.application).collect();
        ids.sort();
        ids.dedup();
        if ids.len() == requests.len() {
            prop_assert_eq!(plan(&backwards, &windows, today()), made, "the order of the list does not matter");
        }
    }
}
