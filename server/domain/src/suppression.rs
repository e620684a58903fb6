//! Small numbers in published tables: what is below the limit is not shown, and neither is what would give it away.
//!
//! A table is counted by rows and columns with all its sums. A reader knows the sums that are shown and, of a count
//! marked as few, that it is below the limit. Nothing that is hidden may follow from that; [`protect`] hides more until
//! nothing does, and says so of each cell. Refuses to add noise: what is shown is what was counted.

use serde::{Deserialize, Serialize};

/// Counts below this are not shown (as in Eurostat's rules for tables of enterprises, whose usual threshold is lower).
pub const LEAST_SHOWN: i64 = 5;

/// One cell as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    Count(i64),
    /// Fewer than [`LEAST_SHOWN`].
    Few,
    /// Hidden because it would give another away.
    Hidden,
}

impl Shown {
    pub const fn count(self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(count),
            Self::Few | Self::Hidden => None,
        }
    }
}

/// A table with its sums: the last row and the last column are the sums of the others.
pub type Table<T> = Vec<Vec<T>>;

/// The counts with a sum of each row and each column.
pub fn with_sums(counts: &[Vec<i64>]) -> Table<i64> {
    let width = counts.iter().map(Vec::len).max().unwrap_or_default();
    let mut table: Table<i64> = counts
        .iter()
        .map(|row| {
            let mut row: Vec<i64> = (0..width).map(|column| at(row, column)).collect();
            row.push(row.iter().sum());
            row
        })
        .collect();
    table.push((0..=width).map(|column| table.iter().map(|row| at(row, column)).sum()).collect());
    table
}

/// What of these tables may be shown. They count the same things in other rows and share their columns, so that a sum
/// of a column hidden in one is hidden in all.
pub fn protect(tables: &[Table<i64>]) -> Vec<Table<Shown>> {
    let columns = tables.iter().filter_map(|table| table.first().map(Vec::len)).max().unwrap_or_default();
    let mut hidden_sums = vec![false; columns];
    loop {
        let shown: Vec<Table<Shown>> = tables.iter().map(|table| one(table, &hidden_sums)).collect();
        let now: Vec<bool> = (0..columns)
            .map(|column| {
                let sum = |table: &Table<Shown>| table.last().and_then(|row| row.get(column)).copied();
                shown.iter().filter_map(sum).any(|cell| cell.count().is_none())
            })
            .collect();
        if now == hidden_sums {
            return shown;
        }
        // Only ever more: it ends when all is hidden at the latest.
        hidden_sums = now.iter().zip(&hidden_sums).map(|(now, before)| *now || *before).collect();
    }
}

fn one(table: &Table<i64>, hidden_sums: &[bool]) -> Table<Shown> {
    let last = table.len().saturating_sub(1);
    let mut shown: Table<Shown> = table
        .iter()
        .enumerate()
        .map(|(row, cells)| {
            let is_sum = |column: usize| row == last && hidden_sums.get(column).copied().unwrap_or_default();
            let cells = cells.iter().enumerate().map(|(column, count)| match *count {
                count if count < LEAST_SHOWN => Shown::Few,
                _ if is_sum(column) => Shown::Hidden,
                count => Shown::Count(count),
            });
            cells.collect()
        })
        .collect();
    while let Some((row, column)) = known(table, &shown) {
        // The smallest of its row or its column: what is lost is least.
        let Some((row, column)) = next_to_hide(table, &shown, row, column) else { break };
        if let Some(cell) = shown.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell = Shown::Hidden;
        }
    }
    shown
}

/// A cell whose hiding leaves this one open; without such a cell, the smallest beside it, as a step on the way.
fn next_to_hide(table: &Table<i64>, shown: &Table<Shown>, row: usize, column: usize) -> Option<(usize, usize)> {
    let is_hidden = |r: usize, c: usize| cell(shown, r, c).is_some_and(|cell| cell.count().is_none());
    let mut candidates = Vec::new();
    for (r, cells) in table.iter().enumerate() {
        for (c, count) in cells.iter().enumerate().filter(|(c, _)| !is_hidden(r, *c)) {
            // Sums are hidden last: they say most.
            let sums = usize::from(r + 1 == table.len()) + usize::from(c + 1 == cells.len());
            candidates.push((sums, *count, r, c));
        }
    }
    candidates.sort_unstable();
    let helps = |r: usize, c: usize| {
        let mut tried = shown.clone();
        if let Some(cell) = tried.get_mut(r).and_then(|row| row.get_mut(c)) {
            *cell = Shown::Hidden;
        }
        [true, false].into_iter().any(|up| can_move(table, &tried, row, column, up))
    };
    let touches = |r: usize, c: usize| {
        let in_row = (0..table.first().map_or(0, Vec::len)).any(|other| is_hidden(r, other));
        in_row || (0..table.len()).any(|other| is_hidden(other, c))
    };
    let place = |(_, _, r, c): &(usize, i64, usize, usize)| (*r, *c);
    let enough = candidates.iter().map(place).find(|(r, c)| touches(*r, *c) && helps(*r, *c));
    let beside = || candidates.iter().map(place).find(|(r, c)| *r == row || *c == column);
    enough.or_else(beside).or_else(|| candidates.first().map(place))
}

/// A hidden cell whose count follows from what is shown, if there is one.
pub fn known(table: &Table<i64>, shown: &Table<Shown>) -> Option<(usize, usize)> {
    let hidden = shown.iter().enumerate().flat_map(|(row, cells)| {
        cells.iter().enumerate().filter(|(_, cell)| cell.count().is_none()).map(move |(column, _)| (row, column))
    });
    let is_fixed = |up| move |(row, column): &(usize, usize)| !can_move(table, shown, *row, *column, up);
    hidden.filter(is_fixed(true)).find(is_fixed(false))
}

/// Whether the hidden count could be one more (or one less) with everything shown, and all that is said of the
/// hidden, as it is. Sums count negatively, so that every row and every column adds up to nought; then a count can
/// move if others can move back along rows and columns in a ring, and whole numbers suffice (a network is unimodular).
fn can_move(table: &Table<i64>, shown: &Table<Shown>, row: usize, column: usize, up: bool) -> bool {
    let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
    if !free(table, shown, row, column, up) {
        return false;
    }
    // From the column the ring goes on to rows where the opposite move is possible, and from there along a row.
    let (mut seen_rows, mut seen_columns) = (vec![false; rows], vec![false; columns]);
    let mut columns_left = vec![column];
    mark(&mut seen_columns, column);
    while let Some(here) = columns_left.pop() {
        for next in 0..rows {
            let is_back = here == column && next == row;
            if is_back || is_marked(&seen_rows, next) || !free(table, shown, next, here, !up) {
                continue;
            }
            if next == row {
                return true;
            }
            mark(&mut seen_rows, next);
            for beyond in 0..columns {
                if !is_marked(&seen_columns, beyond) && free(table, shown, next, beyond, up) {
                    mark(&mut seen_columns, beyond);
                    columns_left.push(beyond);
                }
            }
        }
    }
    false
}

fn mark(seen: &mut [bool], at: usize) {
    if let Some(seen) = seen.get_mut(at) {
        *seen = true;
    }
}

fn is_marked(seen: &[bool], at: usize) -> bool {
    seen.get(at).copied().unwrap_or(true)
}

/// Whether a hidden count alone could be one more or one less, by what is said of it.
fn free(table: &Table<i64>, shown: &Table<Shown>, row: usize, column: usize, up: bool) -> bool {
    let Some(said) = cell(shown, row, column) else { return false };
    let count = table.get(row).map_or(0, |row| at(row, column));
    let is_margin = |place: usize, length: usize| place + 1 == length;
    let width = table.first().map_or(0, Vec::len);
    // A sum stands with the other sign; the sum of sums with its own again.
    let is_turned = is_margin(row, table.len()) != is_margin(column, width);
    let more = up != is_turned;
    match (said, more) {
        (Shown::Count(_), _) => false,
        (Shown::Few, true) => count + 1 < LEAST_SHOWN,
        (Shown::Few, false) => count > 0,
        // A reader who knows the rule knows that what is only hidden is not few.
        (Shown::Hidden, true) => true,
        (Shown::Hidden, false) => count > LEAST_SHOWN,
    }
}

fn cell(shown: &Table<Shown>, row: usize, column: usize) -> Option<Shown> {
    shown.get(row)?.get(column).copied()
}

fn at(row: &[i64], column: usize) -> i64 {
    row.get(column).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Everything a reader could take the table for: each hidden cell's possible counts, found by trying them all.
    fn attack(table: &Table<i64>, shown: &Table<Shown>) -> Vec<((usize, usize), Vec<i64>)> {
        let (rows, columns) = (table.len() - 1, table[0].len() - 1);
        let most = table[rows][columns] + 3;
        let inner: Vec<(usize, usize)> =
            (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).collect();
        let mut possible: Vec<Vec<Vec<i64>>> = Vec::new();
        let mut guess = vec![vec![0; columns]; rows];
        fn fits(shown: Shown, count: i64) -> bool {
            match shown {
                Shown::Count(exact) => exact == count,
                Shown::Few => count < LEAST_SHOWN,
                Shown::Hidden => count >= LEAST_SHOWN,
            }
        }
        fn go(
            inner: &[(usize, usize)],
            guess: &mut Vec<Vec<i64>>,
            shown: &Table<Shown>,
            most: i64,
            possible: &mut Vec<Vec<Vec<i64>>>,
        ) {
            let Some(((row, column), rest)) = inner.split_first() else {
                let sums = with_sums(guess);
                let all = sums.iter().zip(shown).all(|(row, said)| row.iter().zip(said).all(|(n, s)| fits(*s, *n)));
                if all {
                    possible.push(sums);
                }
                return;
            };
            for count in 0..=most {
                if fits(shown[*row][*column], count) {
                    guess[*row][*column] = count;
                    go(rest, guess, shown, most, possible);
                }
            }
            guess[*row][*column] = 0;
        }
        go(&inner, &mut guess, shown, most, &mut possible);
        let mut found = Vec::new();
        for (row, cells) in shown.iter().enumerate() {
            for (column, said) in cells.iter().enumerate() {
                if said.count().is_none() {
                    let mut counts: Vec<i64> = possible.iter().map(|one| one[row][column]).collect();
                    counts.sort_unstable();
                    counts.dedup();
                    found.push(((row, column), counts));
                }
            }
        }
        found
    }

    #[test]
    fn nothing_small_nothing_hidden() {
        let table = with_sums(&[vec![10, 20], vec![30, 40]]);
        let shown = protect(std::slice::from_ref(&table)).remove(0);
        assert!(shown.iter().flatten().all(|cell| cell.count().is_some()));
        assert_eq!(shown[2], [Shown::Count(40), Shown::Count(60), Shown::Count(100)]);
    }

    #[test]
    fn one_small_count_takes_others_with_it() {
        let table = with_sums(&[vec![3, 20, 30], vec![30, 40, 50], vec![25, 35, 45]]);
        let shown = protect(std::slice::from_ref(&table)).remove(0);
        assert_eq!(shown[0][0], Shown::Few);
        let hidden = shown.iter().flatten().filter(|cell| **cell == Shown::Hidden).count();
        assert_eq!(hidden, 3, "a rectangle of four: {shown:?}");
        assert_eq!(shown[3], [58, 95, 125, 278].map(Shown::Count), "the sums stay");
    }

    /// The attack that suppressing small cells alone does not survive: take the shown ones from the sum.
    #[test]
    fn differences_of_sums_reveal_nothing() {
        let cases: [&[Vec<i64>]; 5] = [
            &[vec![3, 9]],
            &[vec![4, 4]],
            &[vec![0, 0], vec![12, 6]],
            &[vec![1, 7], vec![8, 9]],
            &[vec![2, 6], vec![2, 9]],
        ];
        for counts in cases {
            let table = with_sums(counts);
            let bare: Table<Shown> = table
                .iter()
                .map(|row| row.iter().map(|n| if *n < LEAST_SHOWN { Shown::Few } else { Shown::Count(*n) }).collect())
                .collect();
            assert!(known(&table, &bare).is_some(), "{counts:?} would be revealed");
            let shown = protect(std::slice::from_ref(&table)).remove(0);
            for (place, possible) in attack(&table, &shown) {
                assert!(possible.len() > 1, "{counts:?}: {place:?} must be {possible:?} in {shown:?}");
            }
        }
    }

    #[test]
    fn a_sum_hidden_in_one_table_is_hidden_in_those_beside_it() {
        // All refused come from one size class; by country they are spread so that every count of them is small.
        let by_class = with_sums(&[vec![20, 6], vec![30, 0]]);
        let by_country = with_sums(&[vec![25, 3], vec![25, 3]]);
        let shown = protect(&[by_class.clone(), by_country.clone()]);
        for column in 0..3 {
            let sums = [shown[0][2][column], shown[1][2][column]];
            assert_eq!(sums[0].count().is_some(), sums[1].count().is_some(), "column {column}: {shown:?}");
        }
        for (table, shown) in [by_class, by_country].iter().zip(&shown) {
            assert_eq!(known(table, shown), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn no_hidden_count_of_a_small_table_can_be_reckoned(
            a in 0_i64..9, b in 0_i64..9, c in 0_i64..9, d in 0_i64..9,
        ) {
            let table = with_sums(&[vec![a, b], vec![c, d]]);
            let shown = protect(std::slice::from_ref(&table)).remove(0);
            for (place, possible) in attack(&table, &shown) {
                prop_assert!(possible.len() > 1, "{:?} must be {:?} in {:?}", place, possible, shown);
            }
            for (row, said) in table.iter().zip(&shown) {
                for (count, cell) in row.iter().zip(said) {
                    prop_assert!(*count >= LEAST_SHOWN || *cell == Shown::Few);
                }
            }
        }

        #[test]
        fn larger_tables_keep_it_too(counts in prop::collection::vec(prop::collection::vec(0_i64..40, 4), 1..12)) {
            let table = with_sums(&counts);
            let shown = protect(std::slice::from_ref(&table)).remove(0);
            // Where everything is hidden nothing can be said of a table of noughts but that it is small.
            if table.last().and_then(|row| row.last()).is_some_and(|sum| *sum >= LEAST_SHOWN) {
                prop_assert_eq!(known(&table, &shown), None);
            }
        }
    }
}
