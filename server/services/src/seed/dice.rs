//! Numbers that look thrown and are the same every time (SplitMix64, by Steele, Lea and Flood, 2014).

pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `bound`; 0 for no bound.
    pub fn below(&mut self, bound: i64) -> i64 {
        let bound = u64::try_from(bound).unwrap_or_default().max(1);
        i64::try_from(self.next() % bound).unwrap_or_default()
    }

    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below(most - least + 1)
    }

    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let place = self.below(i64::try_from(of.len()).unwrap_or_default());
        of.get(usize::try_from(place).unwrap_or_default())
    }
}
