//! Pots of money: whose they are, what may be moved, and what an award binds of one.
//!
//! Refuses to hold balances: those are the books'. A pot never falls below nought, so that what its children were given
//! never exceeds it.

use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    money::{BasisPoints, Money},
    problem::{Invalid, Problem},
    typed,
};

/// Whose money it is: decides the regime of aid and who must agree when it is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Digital Europe, Horizon Europe, Connecting Europe: Union access time (Reg. (EU) 2021/1173, Art. 12b).
    #[cfg_attr(feature = "orm", sea_orm(string_value = "union"))]
    Union,
    /// A Participating State's own share.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "state"))]
    State,
    /// Reallocated cohesion money: under the state's control, so State aid (Reg. (EU) 2023/2831, Art. 3(4)).
    #[cfg_attr(feature = "orm", sea_orm(string_value = "cohesion"))]
    Cohesion,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "invest_eu"))]
    InvestEu,
    /// The operator's commercial time: no subsidy.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "operator"))]
    Operator,
}

impl Kind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::State => "state",
            Self::Cohesion => "cohesion",
            Self::InvestEu => "invest-eu",
            Self::Operator => "operator",
        }
    }

    /// Whether the state must have agreed before money leaves it.
    pub const fn needs_approval(self) -> bool {
        matches!(self, Self::State | Self::Cohesion)
    }
}

/// What people move; what awards move happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Move {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pledge"))]
    Pledge,
    /// A pledge taken back, out of what is free.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "withdraw"))]
    Withdraw,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "allot"))]
    Allot,
}

impl Move {
    pub const ALL: [Self; 3] = [Self::Pledge, Self::Withdraw, Self::Allot];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Pledge => "pledge",
            Self::Withdraw => "withdraw",
            Self::Allot => "allot",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum MoveState {
    /// Waits for a second person.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "asked"))]
    Asked,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "booked"))]
    Booked,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refused"))]
    Refused,
}

impl MoveState {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Booked => "booked",
            Self::Refused => "refused",
        }
    }
}

/// What the rules must know of a pot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub code: String,
    pub parent: Option<String>,
    pub kind: Kind,
    pub country: Option<Country>,
    pub free: Money,
}

/// A movement as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedMove {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub to: String,
    /// Euros.
    #[serde(default)]
    pub amount: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub approval: String,
}

/// A movement that may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub kind: Move,
    pub to: Option<String>,
    pub amount: Money,
    pub reason: String,
    pub approval: Option<String>,
}

const REASON_MAX: i64 = 500;

/// Reads what was typed for a movement out of `from`. Errors at `kind`, `to`, `amount`, `reason`, `approval`.
pub fn read(typed: &TypedMove, from: &Facts, others: &[Facts]) -> Result<Wanted, Invalid> {
    let mut invalid = Invalid::default();
    let kind = Move::from_code(&typed.kind);
    if kind.is_none() {
        invalid.add("kind", Problem::Required);
    }
    let to = (kind == Some(Move::Allot)).then(|| typed.to.clone());
    if let Some(to) = &to
        && (*to == from.code || !others.iter().any(|pot| pot.code == *to))
    {
        invalid.add("to", if to.is_empty() { Problem::Required } else { Problem::NotAChoice });
    }
    let amount = typed::money(&typed.amount).unwrap_or_else(|problem| {
        invalid.add("amount", problem);
        Money::cents(1)
    });
    if amount <= Money::ZERO {
        invalid.add("amount", Problem::NotPositive);
    } else if kind.is_some_and(|kind| kind != Move::Pledge) && amount > from.free {
        invalid.add("amount", Problem::PotExhausted { max: from.free.as_cents().div_euclid(100) });
    }
    let said = |text: &str, field: &str, invalid: &mut Invalid| {
        typed::reason(text, REASON_MAX).unwrap_or_else(|problem| {
            invalid.add(field, problem);
            String::new()
        })
    };
    let reason = said(&typed.reason, "reason", &mut invalid);
    let leaves = kind.is_some_and(|kind| kind != Move::Pledge);
    let approval = (leaves && from.kind.needs_approval()).then(|| {
        typed::reason(&typed.approval, REASON_MAX).unwrap_or_else(|problem| {
            let is_missing = problem == Problem::ReasonRequired;
            invalid.add("approval", if is_missing { Problem::ApprovalRequired } else { problem });
            String::new()
        })
    });
    let wanted = Wanted { kind: kind.unwrap_or(Move::Pledge), to, amount, reason, approval };
    invalid.or(wanted)
}

/// How many private euros stand beside each public one, in hundredths; `None` where there are no public ones.
pub fn leverage(public: Money, private: Money) -> Option<BasisPoints> {
    let hundredths = i128::from(private.as_cents()) * 100 / i128::from(public.as_cents()).max(1);
    (public > Money::ZERO).then(|| BasisPoints::new(i32::try_from(hundredths).unwrap_or(i32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pot(code: &str, kind: Kind, free: i64) -> Facts {
        Facts { code: code.to_owned(), parent: None, kind, country: None, free: Money::cents(free) }
    }

    fn typed(kind: &str, to: &str, amount: &str, approval: &str) -> TypedMove {
        TypedMove {
            kind: kind.to_owned(),
            to: to.to_owned(),
            amount: amount.to_owned(),
            reason: "The letter of May.".to_owned(),
            approval: approval.to_owned(),
        }
    }

    #[test]
    fn money_leaves_a_state_with_its_approval_only_and_never_more_than_is_free() {
        let (from, other) = (pot("state_lu", Kind::State, 10_000), pot("union", Kind::Union, 0));
        let others = [other];
        let ask = |typed: &TypedMove| read(typed, &from, &others);
        let problem = |typed: &TypedMove, field: &str| ask(typed).err().and_then(|invalid| invalid.of(field).next());
        assert_eq!(problem(&typed("allot", "union", "50", ""), "approval"), Some(Problem::ApprovalRequired));
        let wanted = ask(&typed("allot", "union", "100", "Letter 7/2026")).unwrap();
        assert_eq!((wanted.amount, wanted.to.as_deref()), (Money::cents(10_000), Some("union")));
        let too_much = typed("withdraw", "", "100.01", "Letter 7/2026");
        assert_eq!(problem(&too_much, "amount"), Some(Problem::PotExhausted { max: 100 }));
        assert!(ask(&typed("pledge", "", "1000000", "")).is_ok(), "who gives needs nobody's approval");
        assert_eq!(problem(&typed("allot", "state_lu", "1", "Letter"), "to"), Some(Problem::NotAChoice));
        assert_eq!(problem(&typed("allot", "", "1", "Letter"), "to"), Some(Problem::Required));
        assert_eq!(problem(&typed("", "", "1", ""), "kind"), Some(Problem::Required));
        assert_eq!(problem(&typed("pledge", "", "0", ""), "amount"), Some(Problem::NotPositive));
        let most = Problem::TooLarge { max: 100_000_000_000 };
        assert_eq!(problem(&typed("pledge", "", "9999999999999999", ""), "amount"), Some(most));
    }

    #[test]
    fn three_private_euros_beside_each_public_one() {
        let euros = |billions: i64| Money::cents(billions * 100_000_000_000);
        assert_eq!(leverage(euros(50), euros(150)), Some(BasisPoints::new(300)));
        assert_eq!(leverage(Money::ZERO, euros(1)), None);
    }
}
