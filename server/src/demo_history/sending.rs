//! From the workshop to the door, and what its buyer does about it: wait, write, complain, answer.

use super::{
    complaining::Case,
    plan::Course,
    talking::Talk,
    world::{Act, Survey, World},
};
use anyhow::Result;
use domain::orders::TrackingKind;
use shop::orders;
use time::{Date, Duration, OffsetDateTime, Time, macros::time};

/// When somebody who waits looks for their parcel.
const LOOKS: Time = time!(7:20);

impl World<'_> {
    /// What follows from how the parcel goes.
    pub(super) fn expect(&mut self, index: usize, course: &Course, latest: Date) {
        let order = &self.plan.orders[index];
        self.later(course.packed, Act::Pack(index));
        self.later(course.handed_over, Act::HandOver(index));
        let half = course.handed_over + (course.arrives - course.handed_over) / 2;
        self.later(half, Act::Moves(index));
        self.later(course.arrives, Act::Arrives(index));
        if course.late > 0 && order.talks < 0.45 {
            self.begin_talk(Talk::late(index, order.person), (latest + Duration::DAY).with_time(LOOKS).assume_utc());
        } else if course.late == 0 && order.talks < 0.08 {
            self.begin_talk(Talk::where_is_it(index, order.person), course.handed_over + Duration::hours(2));
        }
        let hours = |least: f64, most: f64| Duration::seconds_f64(3600.0 * (least + (most - least) * order.arrives));
        if order.spoiled.is_some() {
            if order.complains < 0.45 {
                self.begin_case(Case::spoiled(index), course.arrives + hours(3.0, 40.0));
            } else if order.complains < 0.85 {
                self.begin_talk(Talk::spoiled(index, order.person), course.arrives + hours(2.0, 30.0));
            }
        } else if course.late > 0 && order.complains < 0.22 {
            self.begin_case(Case::late(index), course.arrives + hours(2.0, 30.0));
        } else if order.complains > 0.965 {
            self.begin_case(Case::kind_words(index, order.well), course.arrives + hours(20.0, 90.0));
        }
        // Five days after, they are asked how it was; most answer on the same evening, others when they are reminded.
        let waits = if order.talks < 0.6 { 6.0 + 2.0 * order.arrives } else { 12.0 + 4.0 * order.arrives };
        let days = |days: f64| Duration::seconds_f64(days * 86_400.0);
        self.later(evening(course.arrives + days(waits), order.delay), Act::Answers(index, Survey::AfterDelivery));
        let asks = self.plan.asks_what_matters();
        if course.arrives + Duration::days(30) < asks {
            self.later(evening(asks + days(4.0 + 16.0 * order.slip), order.delay), Act::Answers(index, Survey::WhatMatters));
        }
    }

    pub(super) async fn pack(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        Ok(orders::pack(self.shop, &self.team.agent(index), &standing.number, at).await?)
    }

    pub(super) async fn hand_over(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        let tracking = format!("{}{:09}", standing.carrier.to_uppercase(), 310_000_000 + index);
        Ok(orders::ship(self.shop, &self.team.agent(index), &standing.number, &standing.carrier, &tracking, at).await?)
    }

    pub(super) async fn moves(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        let city = self.plan.people[self.plan.orders[index].person].place.city;
        Ok(orders::track(self.shop, &self.team.agent(index), &standing.number, TrackingKind::InTransit, city, "", at).await?)
    }

    pub(super) async fn arrives(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        orders::deliver(self.shop, &self.team.agent(index), &standing.number, at).await?;
        self.made.delivered += 1;
        self.made.late += usize::from(standing.course.is_some_and(|course| course.late > 0));
        Ok(())
    }
}

/// On that day between five and nine, UTC.
fn evening(at: OffsetDateTime, share: f64) -> OffsetDateTime {
    at.replace_time(time!(17:00)) + Duration::seconds_f64(4.0 * 3600.0 * share)
}
