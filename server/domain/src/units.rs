//! GPU-hours against the units that sites bill in: node-hours, die-hours (GCD) and local core-hours, by one explicit
//! table a system.
//!
//! Refuses to convert between models: an hour of one GPU is not an hour of another, whatever their speeds.

use serde::{Deserialize, Serialize};

use crate::{
    gpu::{GpuModel, GpuTime},
    money::Overflow,
};

/// What an amount of compute is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    GpuHour,
    NodeHour,
    /// One die of a two-die GPU for an hour, as LUMI-G counts.
    GcdHour,
    /// A site's own core-hours, as Leonardo bills.
    CoreHour,
}

impl Unit {
    pub const ALL: [Self; 4] = [Self::GpuHour, Self::NodeHour, Self::GcdHour, Self::CoreHour];

    pub const fn code(self) -> &'static str {
        match self {
            Self::GpuHour => "gpu_hour",
            Self::NodeHour => "node_hour",
            Self::GcdHour => "gcd_hour",
            Self::CoreHour => "core_hour",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

/// How one system counts. A unit it does not have is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct System {
    pub code: &'static str,
    /// As its site writes it.
    pub name: &'static str,
    pub model: GpuModel,
    pub gpus_per_node: i64,
    pub dies_per_gpu: i64,
    pub core_hours_per_node_hour: i64,
}

/// Systems whose counting is published; figures of the sites' own documentation.
pub const SYSTEMS: &[System] = &[
    System {
        code: "leonardo",
        name: "Leonardo Booster",
        model: GpuModel::A100,
        gpus_per_node: 4,
        dies_per_gpu: 0,
        core_hours_per_node_hour: 32,
    },
    System {
        code: "lumi-g",
        name: "LUMI-G",
        model: GpuModel::MI250X,
        gpus_per_node: 4,
        dies_per_gpu: 2,
        core_hours_per_node_hour: 0,
    },
    System {
        code: "marenostrum5",
        name: "MareNostrum 5 ACC",
        model: GpuModel::H100,
        gpus_per_node: 4,
        dies_per_gpu: 0,
        core_hours_per_node_hour: 80,
    },
    System {
        code: "jupiter",
        name: "JUPITER Booster",
        model: GpuModel::GH200,
        gpus_per_node: 4,
        dies_per_gpu: 0,
        core_hours_per_node_hour: 288,
    },
    System {
        code: "meluxina",
        name: "MeluXina",
        model: GpuModel::A100,
        gpus_per_node: 4,
        dies_per_gpu: 0,
        core_hours_per_node_hour: 0,
    },
    System {
        code: "vega",
        name: "Vega",
        model: GpuModel::A100,
        gpus_per_node: 4,
        dies_per_gpu: 0,
        core_hours_per_node_hour: 0,
    },
];

impl System {
    pub fn from_code(code: &str) -> Option<&'static Self> {
        SYSTEMS.iter().find(|system| system.code == code)
    }

    /// GPU-seconds in one of this unit; `None` where the system does not count so.
    pub const fn gpu_seconds(&self, unit: Unit) -> Option<i64> {
        let node = self.gpus_per_node * 3_600;
        match unit {
            Unit::GpuHour => Some(3_600),
            Unit::NodeHour => Some(node),
            Unit::GcdHour if self.dies_per_gpu > 0 => Some(3_600 / self.dies_per_gpu),
            Unit::CoreHour if self.core_hours_per_node_hour > 0 => Some(node / self.core_hours_per_node_hour),
            Unit::GcdHour | Unit::CoreHour => None,
        }
    }
}

/// GPU time in one of this unit of a model's usual nodes; `None` for core-hours, which only a system defines.
pub const fn gpu_seconds_of_model(model: GpuModel, unit: Unit) -> Option<i64> {
    match unit {
        Unit::GpuHour => Some(3_600),
        Unit::NodeHour => Some(model.per_node() * 3_600),
        Unit::GcdHour if matches!(model, GpuModel::MI250X) => Some(1_800),
        Unit::GcdHour | Unit::CoreHour => None,
    }
}

/// That many hundredths of a unit as GPU time, a started second counted whole.
pub fn to_gpu_time(hundredths: i64, gpu_seconds: i64) -> Result<GpuTime, Overflow> {
    let exact = i128::from(hundredths) * i128::from(gpu_seconds);
    let seconds = exact.div_euclid(100) + i128::from(exact.rem_euclid(100) > 0);
    i64::try_from(seconds).map(GpuTime::seconds).map_err(|_| Overflow)
}

/// GPU time in hundredths of a unit, the rest dropped: for labels beside a figure, never for billing.
pub fn in_hundredths(time: GpuTime, gpu_seconds: i64) -> Result<i64, Overflow> {
    let exact = i128::from(time.as_seconds()) * 100;
    let hundredths = exact.checked_div(i128::from(gpu_seconds)).ok_or(Overflow)?;
    i64::try_from(hundredths).map_err(|_| Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_conversions_hold() {
        let cases = [
            // 1,250 Leonardo node-hours are 5,000 GPU-hours and 40,000 local core-hours.
            ("leonardo", Unit::NodeHour, 1_250, 5_000),
            ("leonardo", Unit::CoreHour, 40_000, 5_000),
            // 4,500 LUMI-G node-hours are 18,000 GPU-hours and 36,000 GCD-hours.
            ("lumi-g", Unit::NodeHour, 4_500, 18_000),
            ("lumi-g", Unit::GcdHour, 36_000, 18_000),
            ("vega", Unit::GpuHour, 7, 7),
        ];
        for (system, unit, amount, hours) in cases {
            let each = System::from_code(system).unwrap().gpu_seconds(unit).unwrap();
            let time = to_gpu_time(amount * 100, each).unwrap();
            assert_eq!(time, GpuTime::hours(hours).unwrap(), "{amount} {unit:?} of {system}");
            assert_eq!(in_hundredths(time, each), Ok(amount * 100));
        }
        assert_eq!(System::from_code("leonardo").unwrap().gpu_seconds(Unit::GcdHour), None);
        assert_eq!(gpu_seconds_of_model(GpuModel::H100, Unit::CoreHour), None);
    }

    #[test]
    fn every_system_divides_evenly() {
        for system in SYSTEMS {
            for unit in Unit::ALL {
                let Some(each) = system.gpu_seconds(unit) else { continue };
                assert!(each > 0, "{} {unit:?}", system.name);
            }
            if system.core_hours_per_node_hour > 0 {
                assert_eq!(system.gpus_per_node * 3_600 % system.core_hours_per_node_hour, 0, "{}", system.name);
            }
        }
    }
}
