//! Minimum-cost flow by the network simplex method, warm: a cost may change and the next solution starts from the last.
//!
//! Arcs come in two kinds: those with capacities and large costs of their own, and pairs of capacity one, which may be
//! added as it goes. The tree is kept strongly feasible, so that it cannot cycle. It knows nothing of reviews.

use std::ops::Range;

use crate::numbers::at;

const NONE: u32 = u32::MAX;
const CLOSED: i32 = i32::MAX;

const LOWER: i8 = 1;
const TREE: i8 = 0;
const UPPER: i8 = -1;

/// An arc with a capacity of its own.
#[derive(Clone, Copy)]
pub struct Arc {
    pub from: u32,
    pub to: u32,
    pub capacity: i64,
    pub cost: i64,
    /// What it carries at the beginning: nothing, everything, or anything if it is in the tree.
    pub flow: i64,
    /// In the first tree, hung up at this end.
    pub hangs: Option<u32>,
}

struct Node {
    parent: u32,
    /// The arc to the parent, whether it leads up to it, and what it carries.
    arc: u32,
    is_up: bool,
    flow: i64,
    depth: u32,
    child: u32,
    next: u32,
    before: u32,
}

pub struct Network {
    nodes: Vec<Node>,
    prices: Vec<i64>,
    from: Vec<u32>,
    to: Vec<u32>,
    state: Vec<i8>,
    arcs: Vec<(i64, i64)>,
    pairs: Vec<i32>,
    /// Dearer than anything that could come of going round a closed pair.
    closed: i64,
    look: usize,
    pub pivots: u64,
    stack: Vec<u32>,
}

impl Network {
    /// Node 0 is the root of the first tree, in which every other node hangs on exactly one of the arcs; an arc that
    /// leads down to its node carries something, one that leads up has room.
    pub fn new(nodes: usize, arcs: &[Arc], closed: i64) -> Self {
        let state = arcs.iter().map(|one| match (one.hangs, one.flow) {
            (Some(_), _) => TREE,
            (None, 0) => LOWER,
            (None, _) => UPPER,
        });
        let bare =
            || Node { parent: NONE, arc: NONE, is_up: false, flow: 0, depth: 0, child: NONE, next: NONE, before: NONE };
        let mut network = Self {
            nodes: (0..nodes).map(|_| bare()).collect(),
            prices: vec![0; nodes],
            from: arcs.iter().map(|one| one.from).collect(),
            to: arcs.iter().map(|one| one.to).collect(),
            state: state.collect(),
            arcs: arcs.iter().map(|one| (one.capacity, one.cost)).collect(),
            pairs: Vec::new(),
            closed,
            look: 0,
            pivots: 0,
            stack: Vec::new(),
        };
        for (arc, one) in (0_u32..).zip(arcs) {
            if let Some(node) = one.hangs {
                let is_up = one.from == node;
                network.hang(node, if is_up { one.to } else { one.from }, arc, is_up, one.flow);
            }
        }
        network.price_below(0);
        network
    }

    /// Carries nothing yet. Its number is how many there were.
    pub fn add_pair(&mut self, from: u32, to: u32, cost: i32) {
        self.from.push(from);
        self.to.push(to);
        self.state.push(LOWER);
        self.pairs.push(cost);
    }

    /// Prices and depths of everything below a node whose own are right.
    fn price_below(&mut self, top: u32) {
        self.stack.push(top);
        while let Some(node) = self.stack.pop() {
            let (price, depth) = (self.prices[at(node)], self.nodes[at(node)].depth);
            let mut child = self.nodes[at(node)].child;
            while child != NONE {
                let cost = self.cost(at(self.nodes[at(child)].arc));
                let below = &mut self.nodes[at(child)];
                self.prices[at(child)] = if below.is_up { price - cost } else { price + cost };
                below.depth = depth + 1;
                self.stack.push(child);
                child = below.next;
            }
        }
    }

    fn hang(&mut self, node: u32, parent: u32, arc: u32, is_up: bool, flow: i64) {
        let next = self.nodes[at(parent)].child;
        self.nodes[at(parent)].child = node;
        if next != NONE {
            self.nodes[at(next)].before = node;
        }
        let hung = &mut self.nodes[at(node)];
        (hung.parent, hung.arc, hung.is_up, hung.flow) = (parent, arc, is_up, flow);
        (hung.next, hung.before) = (next, NONE);
    }

    fn take_off(&mut self, node: u32) {
        let (parent, next, before) = {
            let one = &self.nodes[at(node)];
            (one.parent, one.next, one.before)
        };
        if before == NONE {
            self.nodes[at(parent)].child = next;
        } else {
            self.nodes[at(before)].next = next;
        }
        if next != NONE {
            self.nodes[at(next)].before = before;
        }
    }

    #[inline]
    fn cost(&self, arc: usize) -> i64 {
        match arc.checked_sub(self.arcs.len()) {
            None => self.arcs[arc].1,
            Some(pair) if self.pairs[pair] == CLOSED => self.closed,
            Some(pair) => i64::from(self.pairs[pair]),
        }
    }

    #[inline]
    fn capacity(&self, arc: usize) -> i64 {
        self.arcs.get(arc).map_or(1, |one| one.0)
    }

    /// Changes what a pair costs; `None` closes it.
    pub fn set_pair(&mut self, pair: usize, cost: Option<i32>) {
        self.pairs[pair] = cost.unwrap_or(CLOSED);
        let arc = pair + self.arcs.len();
        if self.state[arc] == TREE {
            let (from, to) = (self.from[arc], self.to[arc]);
            let below = if self.nodes[at(from)].parent == to { from } else { to };
            let above = self.nodes[at(below)].parent;
            self.price_from(below, above);
        }
    }

    /// To the optimum.
    pub fn solve(&mut self) {
        while let Some(arc) = self.entering() {
            self.pivot(arc);
            self.pivots += 1;
        }
    }

    /// The arc that promises most in the next block with any that promises something.
    fn entering(&mut self) -> Option<usize> {
        let count = self.from.len();
        let block = count.isqrt().max(128);
        let mut looked = 0;
        while looked < count {
            let (from, to) = (self.look, (self.look + block).min(count));
            looked += to - from;
            self.look = if to == count { 0 } else { to };
            let first = self.arcs.len();
            let best = self.best_arc(from..to.min(first)).max(self.best_pair(from.max(first)..to));
            if let Some((_, arc)) = best {
                return Some(arc);
            }
        }
        None
    }

    fn best_arc(&self, range: Range<usize>) -> Option<(i64, usize)> {
        let gain = |arc: usize| {
            let reduced = self.arcs[arc].1 + self.prices[at(self.from[arc])] - self.prices[at(self.to[arc])];
            -reduced * i64::from(self.state[arc])
        };
        range.map(|arc| (gain(arc), arc)).filter(|(gain, _)| *gain > 0).max()
    }

    fn best_pair(&self, range: Range<usize>) -> Option<(i64, usize)> {
        if range.is_empty() {
            return None;
        }
        let first = self.arcs.len();
        let ends = self.from[range.clone()].iter().zip(&self.to[range.clone()]);
        let costs = self.pairs[range.start - first..range.end - first].iter().zip(&self.state[range.clone()]);
        let (mut best, mut found) = (0, 0);
        for (arc, ((from, to), (cost, state))) in range.zip(ends.zip(costs)) {
            let cost = if *cost == CLOSED { self.closed } else { i64::from(*cost) };
            let gain = (self.prices[at(*to)] - self.prices[at(*from)] - cost) * i64::from(*state);
            if gain > best {
                (best, found) = (gain, arc);
            }
        }
        (best > 0).then_some((best, found))
    }

    fn pivot(&mut self, arc: usize) {
        let is_lower = self.state[arc] == LOWER;
        let (from, to) = (self.from[arc], self.to[arc]);
        let (tail, head) = if is_lower { (from, to) } else { (to, from) };
        let join = self.join(tail, head);
        let (room, out) = self.leaving(arc, tail, head, join);
        self.push(tail, join, -room);
        self.push(head, join, room);
        let Some((out, is_tail)) = out else {
            self.state[arc] = -self.state[arc];
            return;
        };
        let leaves = &self.nodes[at(out)];
        self.state[at(leaves.arc)] = if leaves.flow == 0 { LOWER } else { UPPER };
        self.state[arc] = TREE;
        let carries = if is_lower { room } else { self.capacity(arc) - room };
        let (below, above) = if is_tail { (tail, head) } else { (head, tail) };
        self.turn(below, above, out, arc, carries);
        self.price_from(below, above);
    }

    /// The price and depth of a node from its parent's, and of everything below.
    fn price_from(&mut self, below: u32, above: u32) {
        let node = &self.nodes[at(below)];
        let (cost, is_up) = (self.cost(at(node.arc)), node.is_up);
        let price = self.prices[at(above)];
        self.prices[at(below)] = if is_up { price - cost } else { price + cost };
        self.nodes[at(below)].depth = self.nodes[at(above)].depth + 1;
        self.price_below(below);
    }

    fn join(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            if self.nodes[at(one)].depth >= self.nodes[at(other)].depth {
                one = self.nodes[at(one)].parent;
            } else {
                other = self.nodes[at(other)].parent;
            }
        }
        one
    }

    /// How much fits round the cycle, and the node whose arc is full or empty first: the last one in the direction of
    /// the flow, counted from the join, which keeps the tree strongly feasible.
    fn leaving(&self, arc: usize, tail: u32, head: u32, join: u32) -> (i64, Option<(u32, bool)>) {
        let (mut room, mut out) = (self.capacity(arc), None);
        let mut node = tail;
        while node != join {
            let one = &self.nodes[at(node)];
            let here = if one.is_up { one.flow } else { self.capacity(at(one.arc)) - one.flow };
            if here < room {
                (room, out) = (here, Some((node, true)));
            }
            node = one.parent;
        }
        node = head;
        while node != join {
            let one = &self.nodes[at(node)];
            let here = if one.is_up { self.capacity(at(one.arc)) - one.flow } else { one.flow };
            if here <= room {
                (room, out) = (here, Some((node, false)));
            }
            node = one.parent;
        }
        (room, out)
    }

    fn push(&mut self, mut node: u32, join: u32, amount: i64) {
        if amount == 0 {
            return;
        }
        while node != join {
            let one = &mut self.nodes[at(node)];
            one.flow += if one.is_up { amount } else { -amount };
            node = one.parent;
        }
    }

    /// Hangs the part of the tree that the leaving arc cuts off on the entering arc: what was its way up turns round.
    fn turn(&mut self, below: u32, above: u32, out: u32, arc: usize, carries: i64) {
        let mut node = below;
        let entering = u32::try_from(arc).unwrap_or(NONE);
        let mut hung = (above, entering, self.from[arc] == below, carries);
        loop {
            let one = &self.nodes[at(node)];
            let was = (one.parent, one.arc, one.is_up, one.flow);
            self.take_off(node);
            self.hang(node, hung.0, hung.1, hung.2, hung.3);
            if node == out {
                return;
            }
            hung = (node, was.1, !was.2, was.3);
            node = was.0;
        }
    }

    /// Which pairs carry something.
    pub fn taken(&self) -> Vec<usize> {
        let first = self.arcs.len();
        let mut taken: Vec<usize> =
            (first..self.state.len()).filter(|arc| self.state[*arc] == UPPER).map(|arc| arc - first).collect();
        let in_tree = self.nodes.iter().skip(1).filter(|one| one.flow > 0).map(|one| at(one.arc));
        taken.extend(in_tree.filter_map(|arc| arc.checked_sub(first)));
        taken
    }

    /// A pair between these nodes would pay if it cost less than this.
    pub fn pays_below(&self, from: u32, to: u32) -> i64 {
        self.prices[at(to)] - self.prices[at(from)]
    }

    pub fn price(&self, node: u32) -> i64 {
        self.prices[at(node)]
    }
}
