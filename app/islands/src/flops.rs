//! How much compute the hours are, and what the AI Act makes of that, while one types.

use chrono::NaiveDate;
use domain::{
    application::{Draft, submit},
    compute::{self, Mark},
    gpu::GpuModel,
};
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};

use crate::form;

/// Sentences with `§` where the figure goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlopWords {
    pub below: String,
    pub general_purpose: String,
    pub systemic_risk: String,
}

/// `today` is the day whose thresholds count.
#[island]
pub fn Flops(saved: Draft, today: NaiveDate, words: FlopWords) -> impl IntoView {
    let flop = RwSignal::new(flop_of(&saved));
    Effect::new(move |_| {
        let saved = saved.clone();
        let listener = window_event_listener(ev::input, move |_| flop.set(flop_of(&form::over(&saved))));
        on_cleanup(move || listener.remove());
    });
    let said = move || {
        flop.get().map(|flop| {
            let sentence = match compute::highest_mark(flop, today) {
                None => &words.below,
                Some(Mark::GeneralPurpose) => &words.general_purpose,
                Some(Mark::SystemicRisk) => &words.systemic_risk,
            };
            sentence.replace('§', &scientific(flop))
        })
    };
    view! { <p class="hint">{said}</p> }
}

fn flop_of(draft: &Draft) -> Option<u128> {
    let model = GpuModel::from_code(draft.get("model"))?;
    let time = submit::gpu_time(draft).ok()?;
    compute::flop_of(time, model, compute::USUAL_UTILISATION).ok()
}

/// `8.40 × 10²²`.
pub fn scientific(flop: u128) -> String {
    const RAISED: [&str; 10] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
    let (hundredths, exponent) = compute::scientific(flop);
    let digits = exponent.to_string();
    let raised: String =
        digits.bytes().filter_map(|digit| RAISED.get(usize::from(digit.saturating_sub(b'0')))).copied().collect();
    format!("{}.{:02} × 10{raised}", hundredths / 100, hundredths % 100)
}
