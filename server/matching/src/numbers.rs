//! Conversions that cannot fail on the sizes an instance may have.

/// A count as a figure to reckon with.
pub fn int(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A stored index as one to look up with.
pub fn index(stored: u32) -> usize {
    usize::try_from(stored).unwrap_or(usize::MAX)
}

/// An index small enough to store.
pub fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The largest multiple of `step` up to `value`.
pub const fn down(value: i64, step: i64) -> i64 {
    // Steps are mostly powers of two, and divisions are dear.
    if step & (step - 1) == 0 { value & -step } else { value.div_euclid(step) * step }
}

/// The smallest multiple of `step` from `value` on.
pub const fn up(value: i64, step: i64) -> i64 {
    ceiling(value, step) * step
}

/// Division rounded up.
pub const fn ceiling(value: i64, by: i64) -> i64 {
    value.div_euclid(by) + if value.rem_euclid(by) > 0 { 1 } else { 0 }
}

/// Between the two by halves, `pass` of `passes` on the way: geometric, in integers.
pub fn shrunk((first, last): (i64, i64), pass: u32, passes: u32) -> i64 {
    let (mut high, mut low) = (first, last);
    let (mut from, mut to) = (0, passes.max(1));
    while to - from > 1 && high - low > 1 {
        let middle = (from + to) / 2;
        let mean = i64::try_from((high.unsigned_abs() * low.unsigned_abs()).isqrt()).unwrap_or(low);
        if pass >= middle {
            (from, high) = (middle, mean);
        } else {
            (to, low) = (middle, mean);
        }
    }
    high
}
