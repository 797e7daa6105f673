//! The classes of customers, several at once, each with the figures that put somebody into it.

use crate::states::states;
use serde::{Deserialize, Serialize};
use time::Date;

time::serde::format_description!(day, Date, "[year]-[month]-[day]");

states! {
    /// In the order in which they are told.
    CustomerClass {
        Frequent = "frequent",
        Habitual = "habitual",
        Occasional = "occasional",
        Active = "active",
        Inactive = "inactive",
        /// Known, and has bought nothing yet.
        Prospect = "prospect",
        HighVolume = "high_volume",
        AverageVolume = "average_volume",
        PleasedButFragile = "pleased_but_fragile",
        Dissatisfied = "dissatisfied",
    }
}

impl CustomerClass {
    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// The classes of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<CustomerClass>", into = "Vec<CustomerClass>")]
pub struct Classes(u16);

impl Classes {
    #[must_use]
    pub fn of(classes: &[CustomerClass]) -> Self {
        Self(classes.iter().fold(0, |bits, class| bits | class.bit()))
    }

    #[must_use]
    pub const fn has(self, class: CustomerClass) -> bool {
        self.0 & class.bit() != 0
    }

    #[must_use]
    pub fn list(self) -> Vec<CustomerClass> {
        CustomerClass::ALL.iter().copied().filter(|class| self.has(*class)).collect()
    }
}

impl From<Vec<CustomerClass>> for Classes {
    fn from(classes: Vec<CustomerClass>) -> Self {
        Self::of(&classes)
    }
}

impl From<Classes> for Vec<CustomerClass> {
    fn from(classes: Classes) -> Self {
        classes.list()
    }
}

/// Why somebody is in a class. Days are named, not counted from today: a reason stays true while nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "class", rename_all = "snake_case")]
pub enum Reason {
    Frequent {
        orders: u32,
        mean_gap: f64,
    },
    Habitual {
        orders: u32,
        variation: f64,
    },
    Occasional {
        orders: u32,
    },
    Active {
        #[serde(with = "day")]
        last: Date,
    },
    Inactive {
        #[serde(with = "day")]
        last: Date,
    },
    HighVolume {
        money: u8,
    },
    AverageVolume {
        money: u8,
    },
    PleasedButFragile {
        satisfaction: u8,
        alive: f64,
    },
    /// By their last rating, or by a complaint that is open or was closed without their word.
    Dissatisfied {
        satisfaction: Option<u8>,
        complaint: bool,
    },
}

impl Reason {
    #[must_use]
    pub const fn class(&self) -> CustomerClass {
        match self {
            Self::Frequent { .. } => CustomerClass::Frequent,
            Self::Habitual { .. } => CustomerClass::Habitual,
            Self::Occasional { .. } => CustomerClass::Occasional,
            Self::Active { .. } => CustomerClass::Active,
            Self::Inactive { .. } => CustomerClass::Inactive,
            Self::HighVolume { .. } => CustomerClass::HighVolume,
            Self::AverageVolume { .. } => CustomerClass::AverageVolume,
            Self::PleasedButFragile { .. } => CustomerClass::PleasedButFragile,
            Self::Dissatisfied { .. } => CustomerClass::Dissatisfied,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CustomerRefusal {
    #[error("this needs another role")]
    NotAllowed,
    #[error("no such customer")]
    NoSuchCustomer,
    #[error("a number is out of its bounds")]
    OutOfBounds,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_reason_is_kept_whole_under_the_code_of_its_class() {
        let last = date!(2026 - 11 - 28);
        let all = [
            Reason::Frequent { orders: 4, mean_gap: 21.3 },
            Reason::Habitual { orders: 4, variation: 0.12 },
            Reason::Occasional { orders: 1 },
            Reason::Active { last },
            Reason::Inactive { last },
            Reason::HighVolume { money: 5 },
            Reason::AverageVolume { money: 3 },
            Reason::PleasedButFragile { satisfaction: 4, alive: 0.31 },
            Reason::Dissatisfied { satisfaction: None, complaint: true },
        ];
        for reason in all {
            let kept = serde_json::to_value(reason).unwrap();
            assert_eq!(kept["class"], reason.class().code());
            assert_eq!(serde_json::from_value::<Reason>(kept).unwrap(), reason);
        }
    }

    #[test]
    fn somebody_is_in_several_classes_at_once() {
        let classes = Classes::of(&[CustomerClass::Dissatisfied, CustomerClass::Frequent]);
        assert!(classes.has(CustomerClass::Frequent) && !classes.has(CustomerClass::Active));
        assert_eq!(serde_json::to_string(&classes).unwrap(), r#"["frequent","dissatisfied"]"#);
    }
}
