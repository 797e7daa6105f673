//! Figures of any set of cases, and the report: the same function for all of them and for each group. Medians and
//! ninetieth percentiles are values that occurred (nearest rank); shares come with what they are shares of.

use super::cases::{Case, Target};
use domain::chat::{Channel, Topic};
use std::collections::BTreeMap;
use time::Date;

/// In seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub median: i64,
    pub p90: i64,
}

/// Where a share may lie, in hundredths of a percent: Wilson's interval at 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub share: u32,
    pub low: u32,
    pub high: u32,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    pub yes: u32,
    pub of: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    pub cases: u32,
    pub replied: u32,
    pub reply_business: Option<Spread>,
    pub reply_calendar: Option<Spread>,
    pub resolved: u32,
    pub resolution_business: Option<Spread>,
    pub resolution_calendar: Option<Spread>,
    /// Met, of those that were met or missed.
    pub reply_in_target: Share,
    pub resolution_in_target: Share,
    pub first_contact: Share,
    pub abandoned: u32,
    pub waiting: u32,
    /// Of those who wait now, calendar seconds.
    pub longest_wait: Option<i64>,
    /// Rated 4 or 5, of those rated.
    pub satisfied: Share,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub total: Figures,
    /// Most first; nobody last.
    pub by_agent: Vec<(Option<String>, Figures)>,
    /// Most first; those of no team last.
    pub by_team: Vec<(Option<String>, Figures)>,
    pub by_topic: Vec<(Topic, Figures)>,
    pub by_channel: Vec<(Channel, Figures)>,
    /// Every hour of the day.
    pub by_hour: Vec<(u8, Figures)>,
    pub by_day: Vec<(Date, Figures)>,
}

impl Share {
    /// In hundredths of a percent; none of nothing.
    #[must_use]
    pub fn basis_points(self) -> Option<u32> {
        (self.of > 0).then(|| u32::try_from(u64::from(self.yes) * 10_000 / u64::from(self.of)).unwrap_or(10_000))
    }

    /// With Wilson's interval, which is honest also where there are few.
    #[must_use]
    pub fn interval(self) -> Option<Interval> {
        let share = self.basis_points()?;
        let (n, z) = (f64::from(self.of), 1.959_964_f64);
        let p = f64::from(self.yes) / n;
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let points = |x: f64| (x.clamp(0.0, 1.0) * 10_000.0).round() as u32;
        Some(Interval { share, low: points(middle - half), high: points(middle + half) })
    }

    fn count(&mut self, yes: Option<bool>) {
        if let Some(yes) = yes {
            self.of += 1;
            self.yes += u32::from(yes);
        }
    }
}

/// The figures of some cases.
#[must_use]
pub fn figures<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Figures {
    let mut figures = Figures::default();
    let (mut replies, mut resolutions) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    let decided = |target| match target {
        Target::Met => Some(true),
        Target::Missed => Some(false),
        Target::Undecided => None,
    };
    for case in cases {
        figures.cases += 1;
        if let Some((business, calendar)) = case.first_reply {
            figures.replied += 1;
            replies.0.push(business);
            replies.1.push(calendar);
        }
        if let Some((business, calendar)) = case.resolution {
            figures.resolved += 1;
            resolutions.0.push(business);
            resolutions.1.push(calendar);
        }
        figures.reply_in_target.count(decided(case.reply_target));
        figures.resolution_in_target.count(decided(case.resolution_target));
        figures.first_contact.count(case.first_contact);
        figures.satisfied.count(case.rating.map(|rating| rating >= 4));
        figures.abandoned += u32::from(case.abandoned);
        figures.waiting += u32::from(case.waits.is_some());
        figures.longest_wait = figures.longest_wait.max(case.waits);
    }
    figures.reply_business = spread(replies.0);
    figures.reply_calendar = spread(replies.1);
    figures.resolution_business = spread(resolutions.0);
    figures.resolution_calendar = spread(resolutions.1);
    figures
}

fn spread(mut seconds: Vec<i64>) -> Option<Spread> {
    seconds.sort_unstable();
    let rank = |percent: usize| seconds.get((seconds.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Some(Spread { median: rank(50)?, p90: rank(90)? })
}

/// All of it: the total is of the same cases as each table.
#[must_use]
pub fn report(cases: &[Case]) -> Report {
    let most_first = |mut groups: Vec<(Option<String>, Figures)>| {
        groups.sort_by_key(|(name, figures)| (name.is_none(), std::cmp::Reverse(figures.cases)));
        groups
    };
    let mut by_topic: Vec<_> =
        grouped(cases, |case| case.topic.code()).into_iter().filter_map(|(code, f)| Some((Topic::from_code(code)?, f))).collect();
    by_topic.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.cases));
    let by_channel = grouped(cases, |case| case.channel.code()).into_iter().filter_map(|(code, f)| Some((Channel::from_code(code)?, f)));
    let mut hours = grouped(cases, |case| case.hour);
    Report {
        total: figures(cases),
        by_agent: most_first(grouped(cases, |case| case.agent.clone()).into_iter().collect()),
        by_team: most_first(grouped(cases, |case| case.team.clone()).into_iter().collect()),
        by_topic,
        by_channel: by_channel.collect(),
        by_hour: (0..24).map(|hour| (hour, hours.remove(&hour).unwrap_or_default())).collect(),
        by_day: grouped(cases, |case| case.day).into_iter().collect(),
    }
}

fn grouped<K: Ord>(cases: &[Case], key: impl Fn(&Case) -> K) -> BTreeMap<K, Figures> {
    let mut groups: BTreeMap<K, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        groups.entry(key(case)).or_default().push(case);
    }
    groups.into_iter().map(|(key, cases)| (key, figures(cases))).collect()
}

pub(super) const HEADER: [&str; 18] = [
    "conversation",
    "cycle",
    "channel",
    "topic",
    "agent",
    "day",
    "hour",
    "first_reply_business_seconds",
    "first_reply_calendar_seconds",
    "resolution_business_seconds",
    "resolution_calendar_seconds",
    "reply_target",
    "resolution_target",
    "abandoned",
    "waits_seconds",
    "first_contact",
    "rating",
    "team",
];

/// A case as a row of the export.
pub(super) fn row(case: &Case) -> [String; 18] {
    let target = |target| match target {
        Target::Met => "met",
        Target::Missed => "missed",
        Target::Undecided => "",
    };
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    [
        case.number.to_string(),
        case.cycle.to_string(),
        case.channel.code().to_owned(),
        case.topic.code().to_owned(),
        case.agent.clone().unwrap_or_default(),
        case.day.to_string(),
        case.hour.to_string(),
        number(case.first_reply.map(|(business, _)| business)),
        number(case.first_reply.map(|(_, calendar)| calendar)),
        number(case.resolution.map(|(business, _)| business)),
        number(case.resolution.map(|(_, calendar)| calendar)),
        target(case.reply_target).to_owned(),
        target(case.resolution_target).to_owned(),
        case.abandoned.to_string(),
        number(case.waits),
        case.first_contact.map(|yes| yes.to_string()).unwrap_or_default(),
        case.rating.map(|rating| rating.to_string()).unwrap_or_default(),
        case.team.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheet;
    use proptest::prelude::*;
    use time::{Duration, macros::date};

    prop_compose! {
        fn a_case()(
            number in 1_i64..99, cycle in 1_u32..3, channel in 0..Channel::ALL.len(), topic in 0..Topic::ALL.len(),
            agent in prop::option::of("[A-C]"), team in prop::option::of("[X-Z]"), day in 0_i64..40, hour in 0_u8..24,
            first_reply in prop::option::of((0_i64..90_000, 0_i64..900_000)), resolution in prop::option::of((0_i64..90_000, 0_i64..900_000)),
            targets in (0_usize..3, 0_usize..3), abandoned in any::<bool>(),
            rest in (prop::option::of(0_i64..9999), prop::option::of(any::<bool>()), prop::option::of(1_u8..6)),
        ) -> Case {
            let target = |n: usize| [Target::Met, Target::Missed, Target::Undecided][n];
            Case {
                number, cycle, agent, team, hour, first_reply, resolution, abandoned,
                channel: Channel::ALL[channel], topic: Topic::ALL[topic], day: date!(2026-11-01) + Duration::days(day),
                reply_target: target(targets.0), resolution_target: target(targets.1),
                waits: rest.0, first_contact: rest.1, rating: rest.2,
            }
        }
    }

    /// What can be added up over groups.
    fn counts(f: &Figures) -> [u32; 12] {
        let (r, s, c, t) = (f.reply_in_target, f.resolution_in_target, f.first_contact, f.satisfied);
        [f.cases, f.replied, f.resolved, f.abandoned, f.waiting, r.yes, r.of, s.yes, s.of, c.yes + c.of, t.yes, t.of]
    }

    fn added<'a>(groups: impl Iterator<Item = &'a Figures>) -> [u32; 12] {
        groups.fold([0; 12], |sum, figures| std::array::from_fn(|n| sum[n] + counts(figures)[n]))
    }

    /// The figures again, from nothing but the text of the export.
    fn from_export(text: &str) -> Figures {
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let cases: Vec<_> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let number = |n: usize| record[n].parse::<i64>().ok();
                let target = |n: usize| match &record[n] {
                    "met" => Target::Met,
                    "missed" => Target::Missed,
                    _ => Target::Undecided,
                };
                Case {
                    number: number(0).unwrap(),
                    cycle: 1,
                    channel: Channel::from_code(&record[2]).unwrap(),
                    topic: Topic::from_code(&record[3]).unwrap(),
                    agent: None,
                    team: None,
                    day: date!(2026 - 11 - 01),
                    hour: 0,
                    first_reply: number(7).zip(number(8)),
                    resolution: number(9).zip(number(10)),
                    reply_target: target(11),
                    resolution_target: target(12),
                    abandoned: &record[13] == "true",
                    waits: number(14),
                    first_contact: record[15].parse().ok(),
                    rating: record[16].parse().ok(),
                }
            })
            .collect();
        figures(&cases)
    }

    proptest! {
        #[test]
        fn cards_tables_and_export_agree_to_the_unit(cases in prop::collection::vec(a_case(), 0..60)) {
            let report = report(&cases);
            let total = counts(&report.total);
            prop_assert_eq!(added(report.by_agent.iter().map(|(_, f)| f)), total);
            prop_assert_eq!(added(report.by_team.iter().map(|(_, f)| f)), total);
            prop_assert_eq!(added(report.by_topic.iter().map(|(_, f)| f)), total);
            prop_assert_eq!(added(report.by_channel.iter().map(|(_, f)| f)), total);
            prop_assert_eq!(added(report.by_hour.iter().map(|(_, f)| f)), total);
            prop_assert_eq!(added(report.by_day.iter().map(|(_, f)| f)), total);
            let export = spreadsheet::write(&HEADER, cases.iter().map(row)).unwrap();
            prop_assert_eq!(from_export(&export), report.total);
        }
    }

    #[test]
    fn medians_are_values_that_occurred_and_few_ratings_say_little() {
        assert_eq!(spread(vec![90, 10, 30]), Some(Spread { median: 30, p90: 90 }));
        assert_eq!(spread((1..=10).collect()), Some(Spread { median: 5, p90: 9 }));
        assert_eq!(spread(Vec::new()), None);
        // Wilson, 1927: 8 of 10.
        assert_eq!(Share { yes: 8, of: 10 }.interval(), Some(Interval { share: 8000, low: 4902, high: 9433 }));
        assert_eq!(Share::default().interval(), None);
        let sure = Share { yes: 3, of: 3 }.interval().unwrap();
        assert!(sure.high == 10_000 && sure.low < 5000, "three happy people are no proof: {sure:?}");
    }
}
