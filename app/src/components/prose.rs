//! Longer texts out of one message: an empty line parts blocks; `# ` begins a heading, `- ` the lines of a list.

use leptos::prelude::*;
use text::Words;

pub fn prose(words: Words, key: &str) -> AnyView {
    let text = words.t(key);
    let blocks = text.split("\n\n").map(|block| block.to_owned()).collect::<Vec<_>>();
    blocks.into_iter().map(block).collect_view().into_any()
}

fn block(block: String) -> AnyView {
    if let Some(heading) = block.strip_prefix("# ") {
        return view! { <h2>{heading.to_owned()}</h2> }.into_any();
    }
    if block.lines().all(|line| line.starts_with("- ")) {
        let lines = block.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned);
        return view! { <ul>{lines.map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }.into_any();
    }
    view! { <p>{block}</p> }.into_any()
}
