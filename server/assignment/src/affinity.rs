//! How near a reviewer is to an application, in basis points: keywords that both declare, and the words of their texts,
//! weighted by how rare they are (TF-IDF) and compared by the angle between them.
//!
//! Words are cut by Unicode's rules, common ones left out and the rest reduced to their stems by the language's own
//! Snowball rules. A text in another language shares few stems; that is what keywords are for.

use std::collections::{BTreeMap, BTreeSet};

use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::numbers::{at, small};

/// A text of any length is read this far.
const MOST_WORDS: usize = 20_000;
const LONGEST_WORD: usize = 60;
const FULL: f64 = 10_000.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    French,
}

impl Language {
    /// The one of whose common words the text has more; English if that does not tell.
    pub fn of(text: &str) -> Self {
        let count = |language: &str| {
            let stop: BTreeSet<&str> = stop_words::get(language).iter().copied().collect();
            let words = text.unicode_words().take(500);
            words.filter(|word| stop.contains(word.to_lowercase().as_str())).count()
        };
        if count("fr") > count("en") { Self::French } else { Self::English }
    }
}

#[derive(Clone, Debug)]
pub struct Document {
    pub language: Language,
    pub keywords: Vec<String>,
    pub text: String,
}

/// How much of the whole the keywords decide, in basis points; the text decides the rest. Without keywords on the
/// application's side the text decides alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    pub keywords: i32,
}

impl Default for Mix {
    fn default() -> Self {
        Self { keywords: 4_000 }
    }
}

struct Words {
    keywords: BTreeSet<String>,
    /// Terms in order, with weights whose squares sum to one.
    terms: Vec<(u32, f64)>,
}

/// Every application with every reviewer.
pub struct Affinities {
    applications: Vec<Words>,
    reviewers: Vec<Words>,
    /// Of each term a word as somebody wrote it.
    written: Vec<String>,
    points: Vec<i32>,
}

impl Affinities {
    pub fn of(applications: &[Document], reviewers: &[Document], mix: Mix) -> Self {
        let mut vocabulary = Vocabulary::default();
        let counted: Vec<BTreeMap<u32, u32>> =
            applications.iter().chain(reviewers).map(|one| vocabulary.count(one)).collect();
        let mut spread = vec![0_u32; vocabulary.written.len()];
        counted.iter().flat_map(BTreeMap::keys).for_each(|term| spread[at(*term)] += 1);
        let all = f64::from(small(counted.len()));
        let rarity: Vec<f64> =
            spread.iter().map(|count| ((1.0 + all) / (1.0 + f64::from(*count))).ln() + 1.0).collect();
        let mut words: Vec<Words> = applications
            .iter()
            .chain(reviewers)
            .zip(counted)
            .map(|(one, counts)| Words { keywords: keywords(one), terms: weighted(&counts, &rarity) })
            .collect();
        let reviewers = words.split_off(applications.len());
        let points = table(&words, &reviewers, vocabulary.written.len(), mix);
        Self { applications: words, reviewers, written: vocabulary.written, points }
    }

    /// From 0 (nothing in common) to 10,000.
    pub fn points(&self, application: usize, reviewer: usize) -> i32 {
        self.points[application * self.reviewers.len() + reviewer]
    }

    /// Keywords that both declare.
    pub fn keywords(&self, application: usize, reviewer: usize) -> Vec<String> {
        let (one, other) = (&self.applications[application], &self.reviewers[reviewer]);
        one.keywords.intersection(&other.keywords).cloned().collect()
    }

    /// Words of both texts, those that count most first.
    pub fn words(&self, application: usize, reviewer: usize, most: usize) -> Vec<String> {
        let (one, other) = (&self.applications[application].terms, &self.reviewers[reviewer].terms);
        let mut shared: Vec<(f64, u32)> = one
            .iter()
            .filter_map(|(term, weight)| {
                let found = other.binary_search_by_key(term, |one| one.0).ok()?;
                Some((weight * other[found].1, *term))
            })
            .collect();
        shared.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        shared.iter().take(most).map(|(_, term)| self.written[at(*term)].clone()).collect()
    }
}

#[derive(Default)]
struct Vocabulary {
    terms: BTreeMap<String, u32>,
    written: Vec<String>,
}

impl Vocabulary {
    fn count(&mut self, document: &Document) -> BTreeMap<u32, u32> {
        let (stop, stemmer) = match document.language {
            Language::English => (stop_words::get("en"), Stemmer::create(Algorithm::English)),
            Language::French => (stop_words::get("fr"), Stemmer::create(Algorithm::French)),
        };
        let stop: BTreeSet<&str> = stop.iter().copied().collect();
        let mut counts = BTreeMap::new();
        // The apostrophe of French joins an article to its noun, that of English a possessive.
        let words = document.text.unicode_words().flat_map(|word| word.split(['\'', '’'])).take(MOST_WORDS);
        for word in words {
            let lower = word.to_lowercase();
            let length = lower.chars().count();
            if !(2..=LONGEST_WORD).contains(&length)
                || stop.contains(lower.as_str())
                || !lower.chars().any(char::is_alphabetic)
            {
                continue;
            }
            let term = self.term(&stemmer.stem(&lower), &lower);
            *counts.entry(term).or_default() += 1;
        }
        counts
    }

    fn term(&mut self, stem: &str, word: &str) -> u32 {
        if let Some(term) = self.terms.get(stem) {
            return *term;
        }
        let term = small(self.written.len());
        self.terms.insert(stem.to_owned(), term);
        self.written.push(word.to_owned());
        term
    }
}

fn keywords(document: &Document) -> BTreeSet<String> {
    document.keywords.iter().map(|one| one.trim().to_lowercase()).filter(|one| !one.is_empty()).collect()
}

/// A word said ten times counts more than once, not ten times as much.
fn weighted(counts: &BTreeMap<u32, u32>, rarity: &[f64]) -> Vec<(u32, f64)> {
    let weight = |term: u32, count: u32| (1.0 + f64::from(count).ln()) * rarity[at(term)];
    let mut terms: Vec<(u32, f64)> = counts.iter().map(|(term, count)| (*term, weight(*term, *count))).collect();
    let length = terms.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    if length > 0.0 {
        terms.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
    terms
}

fn table(applications: &[Words], reviewers: &[Words], terms: usize, mix: Mix) -> Vec<i32> {
    let mut said_by: Vec<Vec<(usize, f64)>> = vec![Vec::new(); terms];
    for (reviewer, words) in reviewers.iter().enumerate() {
        words.terms.iter().for_each(|(term, weight)| said_by[at(*term)].push((reviewer, *weight)));
    }
    let mut points = Vec::with_capacity(applications.len() * reviewers.len());
    for application in applications {
        let mut near = vec![0.0; reviewers.len()];
        for (term, weight) in &application.terms {
            said_by[at(*term)].iter().for_each(|(reviewer, other)| near[*reviewer] += weight * other);
        }
        for (reviewer, near) in reviewers.iter().zip(near) {
            let text = basis_points(near);
            let asked = small(application.keywords.len());
            points.push(if asked == 0 {
                text
            } else {
                let both = application.keywords.intersection(&reviewer.keywords).count();
                let declared = basis_points(f64::from(small(both)) / f64::from(asked));
                (declared * mix.keywords + text * (10_000 - mix.keywords)) / 10_000
            });
        }
    }
    points
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "between 0 and 10,000, rounded")]
fn basis_points(share: f64) -> i32 {
    (share.clamp(0.0, 1.0) * FULL).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(language: Language, keywords: &[&str], text: &str) -> Document {
        Document { language, keywords: keywords.iter().map(|one| (*one).to_owned()).collect(), text: text.to_owned() }
    }

    fn affinities() -> Affinities {
        use Language::{English, French};
        let applications = [
            document(English, &["Climate"], "We train models that forecast the weather over Europe's seas."),
            document(French, &[], "L'entraînement d'un modèle qui traduit des contrats d'assurance."),
        ];
        let reviewers = [
            document(English, &["climate ", "oceans"], "Weather forecasting, model training and data assimilation"),
            document(French, &["law"], "Traduction des contrats ; modèles entraînés pour les assurances"),
            document(English, &[], ""),
        ];
        Affinities::of(&applications, &reviewers, Mix::default())
    }

    #[test]
    fn who_writes_about_the_same_is_nearer_in_both_languages() {
        let affinities = affinities();
        assert!(affinities.points(0, 0) > affinities.points(0, 1));
        assert!(affinities.points(1, 1) > affinities.points(1, 0));
        assert_eq!((affinities.points(0, 2), affinities.points(1, 2)), (0, 0));
    }

    #[test]
    fn what_is_shared_is_named_in_words_that_somebody_wrote() {
        let affinities = affinities();
        assert_eq!(affinities.keywords(0, 0), ["climate"]);
        let words = affinities.words(0, 0, 5);
        assert!(words.contains(&"weather".to_owned()) && words.contains(&"forecast".to_owned()), "{words:?}");
        let words = affinities.words(1, 1, 9);
        assert!(words.contains(&"contrats".to_owned()) && words.contains(&"entraînement".to_owned()), "{words:?}");
        assert!(!words.iter().any(|one| one == "des" || one == "l"), "{words:?}");
    }

    #[test]
    fn the_same_text_is_as_near_as_can_be_and_order_changes_nothing() {
        let same = document(Language::English, &[], "Protein folding on graphs");
        let near = Affinities::of(std::slice::from_ref(&same), &[same.clone(), same.clone()], Mix::default());
        assert_eq!((near.points(0, 0), near.points(0, 1)), (10_000, 10_000));
    }

    #[test]
    fn a_text_tells_its_language() {
        assert_eq!(Language::of("Nous entraînons un modèle sur les données de nos clients."), Language::French);
        assert_eq!(Language::of("We train a model on the data of our customers."), Language::English);
        assert_eq!(Language::of(""), Language::English);
    }

    #[test]
    fn hostile_texts_are_read_so_far_and_no_further() {
        let noise = document(Language::English, &["\u{0}"], &"a\u{0}<script>zq </script>1 2 ''’ 😀 ".repeat(50_000));
        let long = document(Language::French, &[], &"é".repeat(1_000_000));
        let near = Affinities::of(&[noise.clone(), long], &[noise], Mix::default());
        assert_eq!(near.points(0, 0), 10_000);
        assert_eq!(near.points(1, 0), 0);
    }
}
