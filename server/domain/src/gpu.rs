//! GPU time and GPU models. GPU time is whole GPU-seconds: 8 GPUs for an hour are 28,800.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::overflow::Overflow;

/// GPU-seconds; may be negative in a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct GpuTime(i64);

impl GpuTime {
    pub const ZERO: Self = Self(0);

    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    pub fn hours(hours: i64) -> Result<Self, Overflow> {
        hours.checked_mul(3_600).map(Self).ok_or(Overflow)
    }

    /// Whole GPU-hours, what is left over dropped: for labels, never for money.
    pub const fn whole_hours(self) -> i64 {
        self.0 / 3_600
    }

    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    pub fn sum(times: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        times.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

/// What one can ask for. The names are the vendors'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
pub enum GpuModel {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "A100"))]
    A100,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "H100"))]
    H100,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "H200"))]
    H200,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "GH200"))]
    GH200,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "B200"))]
    B200,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "GB200"))]
    GB200,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "MI250X"))]
    MI250X,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "MI300A"))]
    MI300A,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "MI300X"))]
    MI300X,
}

impl GpuModel {
    pub const ALL: [Self; 9] = [
        Self::A100,
        Self::H100,
        Self::H200,
        Self::GH200,
        Self::B200,
        Self::GB200,
        Self::MI250X,
        Self::MI300A,
        Self::MI300X,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::A100 => "A100",
            Self::H100 => "H100",
            Self::H200 => "H200",
            Self::GH200 => "GH200",
            Self::B200 => "B200",
            Self::GB200 => "GB200",
            Self::MI250X => "MI250X",
            Self::MI300A => "MI300A",
            Self::MI300X => "MI300X",
        }
    }

    /// GPUs in one node of the usual build, for node-hours. The MI250X counts as one GPU of two dies (GCD).
    pub const fn per_node(self) -> i64 {
        match self {
            Self::A100 | Self::GH200 | Self::GB200 | Self::MI250X | Self::MI300A => 4,
            Self::H100 | Self::H200 | Self::B200 | Self::MI300X => 8,
        }
    }

    /// Memory of one GPU in gigabytes.
    pub const fn memory_gigabytes(self) -> i64 {
        match self {
            Self::A100 | Self::H100 => 80,
            Self::GH200 => 96,
            Self::MI250X | Self::MI300A => 128,
            Self::H200 => 141,
            Self::B200 | Self::GB200 | Self::MI300X => 192,
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.code() == code)
    }
}

impl fmt::Display for GpuModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
