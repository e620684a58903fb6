//! How much compute the hours are, and what the AI Act makes of that, while one types.

use chrono::NaiveDate;
use domain::{
    application::{Draft, submit},
    compute::{self, Mark},
    gpu::GpuModel,
};
use leptos::{ev, prelude::*};

use crate::form;

/// The element that says it: `data-day`, counted from the common era, and the three sentences, with `§` where the
/// figure goes; `data-decimals` is the reader's sign.
const SAID: &str = "flops";

pub(crate) fn attach() {
    let Some(said) = form::element(SAID) else { return };
    let _ = window_event_listener(ev::input, move |_| {
        let day = form::data(&said, "data-day").parse().ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        let sentence = match (flop_of(&form::draft()), day) {
            (Some(flop), Some(day)) => {
                let sentence = match compute::highest_mark(flop, day) {
                    None => "data-below",
                    Some(Mark::GeneralPurpose) => "data-general-purpose",
                    Some(Mark::SystemicRisk) => "data-systemic-risk",
                };
                form::data(&said, sentence).replace('§', &figure(flop, &form::data(&said, "data-decimals")))
            }
            _ => String::new(),
        };
        said.set_text_content(Some(&sentence));
    });
}

fn flop_of(draft: &Draft) -> Option<u128> {
    let model = GpuModel::from_code(draft.get("model"))?;
    let time = submit::gpu_time(draft).ok()?;
    compute::flop_of(time, model, compute::USUAL_UTILISATION).ok()
}

fn figure(flop: u128, decimals: &str) -> String {
    let (hundredths, exponent) = compute::scientific(flop);
    let (whole, tens, ones) = (hundredths / 100, hundredths / 10 % 10, hundredths % 10);
    [&whole.to_string(), decimals, &tens.to_string(), &ones.to_string(), " × 10", &compute::raised(exponent)].concat()
}
