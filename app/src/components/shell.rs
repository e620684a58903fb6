//! What is around every page: skip link, header, navigation, footer.

use leptos::prelude::*;

use crate::visit::Visit;

pub fn shell(visit: &Visit, flash: Option<String>, body: Option<AnyView>) -> impl IntoView + use<> {
    let words = visit.words;
    view! {
        <a class="skip" href="#main">{words.t("skip-to-content")}</a>
        <header><a href="/">"Gigahours"</a></header>
        <main id="main" tabindex="-1">
            {flash.map(|flash| view! { <p role="status">{flash}</p> })}
            {body}
        </main>
    }
}
