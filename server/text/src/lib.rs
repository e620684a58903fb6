//! Every word a person reads, in every language, and numbers, dates and euros the reader's way.
//!
//! Refuses to know pages and SQL: it turns keys and values into text.

mod catalogue;
mod format;
mod locale;
pub mod mail;

use domain::{money::Money, problem::Problem};

pub use fluent_bundle::FluentArgs;
pub use locale::Locale;

/// Named values for [`Words::with`]: `args![name => person, count => 3_i64]`. Numbers are grouped the reader's way
/// and choose plurals; money, GPU time and dates are passed as text from [`Words`]' own methods.
#[macro_export]
macro_rules! args {
    ($($name:ident => $value:expr),* $(,)?) => {{
        #[allow(unused_mut, clippy::allow_attributes, reason = "no values, nothing to set")]
        let mut args = $crate::FluentArgs::new();
        $(args.set(stringify!($name), $value);)*
        args
    }};
}

/// The words of one locale. Copy it everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    locale: Locale,
}

impl Words {
    pub const fn new(locale: Locale) -> Self {
        Self { locale }
    }

    pub const fn locale(self) -> Locale {
        self.locale
    }

    /// The sentence of this key; the key itself if nobody wrote one, which the tests forbid.
    pub fn t(self, key: &str) -> String {
        self.with(key, FluentArgs::new())
    }

    /// The sentence of this key with its values put in.
    pub fn with(self, key: &str, args: FluentArgs<'_>) -> String {
        self.find(key, &args).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence of this key, if there is one: for keys built from codes that need not have words.
    pub fn find(self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = catalogue::bundle(self.locale);
        let pattern = bundle.get_message(key).and_then(|message| message.value())?;
        Some(bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
    }

    /// A pot by its code; those of one State by the State's name.
    pub fn pot(self, code: &str) -> String {
        match code.strip_prefix("national_") {
            Some(state) => {
                let country = self.t(&format!("country-{}", state.to_uppercase()));
                self.with("pot-national", args![country => country])
            }
            None => self.t(&format!("pot-{code}")),
        }
    }

    /// Why something was taken back, with the reason where one was given.
    pub fn credit_cause(self, code: &str, reason: &str) -> String {
        let cause = self.t(&format!("credit-cause-{}", code.replace('_', "-")));
        if reason.is_empty() { cause } else { self.with("credit-caused", args![cause => cause, reason => reason]) }
    }

    /// A place in an award list, with the mean that gave it in hundredths of a grade.
    pub fn list_place(self, place: usize, of: usize, mean: i64) -> String {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.with("decision-place", args![place => count(place), of => count(of), mean => self.hundredths(mean)])
    }

    /// A quota by what it is of.
    pub fn quota(self, quota: &domain::quota::Name) -> String {
        use domain::quota::Kind;
        let of = match quota.kind {
            Kind::Country => self.t(&format!("country-{}", quota.of)),
            Kind::Pot | Kind::Reserve => self.pot(&quota.of),
            _ => quota.of.clone(),
        };
        let at = if quota.site.is_some() { "-at" } else { "" };
        let site = quota.site.clone().unwrap_or_default();
        let call = quota.call.clone().unwrap_or_default();
        self.with(&format!("quota-of-{}{at}", quota.kind.code()), args![name => of, site => site, call => call])
    }

    /// What to do about a problem.
    pub fn problem(self, problem: Problem) -> String {
        if let Some((amount, other)) = problem.amounts() {
            let amounts = args![amount => self.money(Money::cents(amount)), stated => self.money(Money::cents(other))];
            return self.with(&format!("problem-{}", problem.code()), amounts);
        }
        let limits = args![
            limit => problem.limit().unwrap_or_default(),
            other => problem.other_limit().unwrap_or_default(),
        ];
        self.with(&format!("problem-{}", problem.code()), limits)
    }
}
