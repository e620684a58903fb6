//! What many requests have in common, kept once: of fifty thousand requests a few hundred lists of pots and a few
//! thousand of countries differ, and as many names of GPU types as there are types.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    hash::Hash,
    ops::{Deref, DerefMut, Index},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::instance::Request;

/// A list that others may have too. Whoever changes it has one of their own from then on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<T>", into = "Vec<T>", bound(serialize = "T: Clone + Serialize"))]
pub struct Shared<T>(Arc<Vec<T>>);

impl<T> Deref for Shared<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(list: Vec<T>) -> Self {
        Self(Arc::new(list))
    }
}

impl<T: Clone> From<Shared<T>> for Vec<T> {
    fn from(list: Shared<T>) -> Self {
        Arc::unwrap_or_clone(list.0)
    }
}

impl<T> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Arc::new(items.into_iter().collect()))
    }
}

/// Per cent of an H100 for each acceptable GPU type, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Equivs {
    gpus: Shared<String>,
    pct: Box<[i64]>,
}

impl Equivs {
    pub fn get(&self, gpu: &str) -> Option<&i64> {
        self.pct.get(self.gpus.iter().position(|own| own == gpu)?)
    }

    pub fn contains_key(&self, gpu: &str) -> bool {
        self.get(gpu).is_some()
    }

    pub fn insert(&mut self, gpu: String, pct: i64) {
        let mut all: BTreeMap<String, i64> = self.iter().map(|(gpu, pct)| (gpu.clone(), *pct)).collect();
        all.insert(gpu, pct);
        *self = all.into_iter().collect();
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &i64)> {
        self.gpus.iter().zip(&self.pct)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &i64> {
        self.pct.iter()
    }

    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut i64> {
        self.pct.iter_mut()
    }

    pub const fn len(&self) -> usize {
        self.pct.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.pct.is_empty()
    }
}

impl<Q: AsRef<str> + ?Sized> Index<&Q> for Equivs {
    type Output = i64;

    /// As of a map: whoever asks knows that it is there.
    fn index(&self, gpu: &Q) -> &i64 {
        let place = self.gpus.iter().position(|own| own == gpu.as_ref());
        &self.pct[place.unwrap_or(self.pct.len())]
    }
}

impl FromIterator<(String, i64)> for Equivs {
    fn from_iter<I: IntoIterator<Item = (String, i64)>>(pairs: I) -> Self {
        // In order, and each type once.
        let all: BTreeMap<String, i64> = pairs.into_iter().collect();
        let pct = all.values().copied().collect();
        Self { gpus: all.into_keys().collect(), pct }
    }
}

impl<const N: usize> From<[(String, i64); N]> for Equivs {
    fn from(pairs: [(String, i64); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl Serialize for Equivs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Equivs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<String, i64>::deserialize(deserializer).map(|all| all.into_iter().collect())
    }
}

/// Lists that were seen already.
struct Known<T>(HashSet<Shared<T>>);

impl<T: Clone + Eq + Hash> Known<T> {
    fn share(&mut self, list: &mut Shared<T>) {
        match self.0.get(list) {
            Some(known) => list.clone_from(known),
            None => drop(self.0.insert(list.clone())),
        }
    }
}

/// Reads requests one by one, and has them share what they have in common.
pub fn requests<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Request>, D::Error> {
    struct Reader;

    impl<'de> de::Visitor<'de> for Reader {
        type Value = Vec<Request>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a list of requests")
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Request>, A::Error> {
            let mut names = Known(HashSet::new());
            let mut requests = Vec::new();
            while let Some(mut request) = list.next_element::<Request>()? {
                names.share(&mut request.equiv.gpus);
                names.share(&mut request.pots);
                request.residency.iter_mut().for_each(|list| names.share(list));
                requests.push(request);
            }
            requests.shrink_to_fit();
            Ok(requests)
        }
    }

    deserializer.deserialize_seq(Reader)
}
