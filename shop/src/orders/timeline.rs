//! Where an order is on its way, and when it will be there: its milestones, and the day to expect when the
//! promised one cannot be kept any more.

use super::OrderRow;
use crate::{Settings, delivery::Terms};
use domain::orders::{Milestone, OrderState, Parcel, PromiseState, Promised, TimelineStep, TrackingKind};
use time::{Date, OffsetDateTime};

/// Every milestone in order: those that are behind with their time, those to come without.
pub(super) fn steps(row: &OrderRow, parcels: &[Parcel], settings: &Settings) -> Vec<TimelineStep> {
    let step = |milestone, at: Option<OffsetDateTime>| TimelineStep { milestone, at: at.map(|at| settings.local(at)) };
    let moving = |kind| matches!(kind, TrackingKind::InTransit | TrackingKind::OutForDelivery);
    let on_its_way = parcels.iter().flat_map(|p| &p.events).filter(|e| moving(e.kind)).map(|e| e.at).min();
    let steps = [
        step(Milestone::Placed, Some(row.placed_at)),
        step(Milestone::Paid, row.paid_at),
        step(Milestone::Packed, row.packed_at),
        step(Milestone::HandedOver, row.shipped_at),
        // A parcel that arrived was on its way, whether or not anybody reported it.
        step(Milestone::OnItsWay, on_its_way.or(row.delivered_at)),
        step(Milestone::Delivered, row.delivered_at),
    ];
    match row.cancelled_at {
        Some(at) => steps.into_iter().filter(|s| s.at.is_some()).chain([step(Milestone::Cancelled, Some(at))]).collect(),
        None => steps.into(),
    }
}

/// What was promised, and the day to expect instead, once another is known.
pub(super) fn promised(row: &OrderRow, state: OrderState, terms: &Terms<'_>, settings: &Settings, now: OffsetDateTime) -> Promised {
    let latest = settings.local(row.promised_by).date();
    let kept = if row.withdrawn_at.is_some() || state == OrderState::Cancelled {
        PromiseState::Withdrawn
    } else if row.kept_at.is_some() {
        PromiseState::Kept
    } else if row.broken_at.is_some() || (row.made_at.is_some() && now > row.promised_by) {
        PromiseState::Broken
    } else {
        PromiseState::Open
    };
    let on_the_way = OnTheWay { method: &row.method_code, state, shipped_at: row.shipped_at };
    let expected = on_the_way.expected(terms, settings, now).filter(|&day| day > latest);
    Promised { earliest: settings.local(row.promised_from).date(), latest, expected, kept }
}

/// What says when an order will be there.
pub(super) struct OnTheWay<'a> {
    pub(super) method: &'a str,
    pub(super) state: OrderState,
    pub(super) shipped_at: Option<OffsetDateTime>,
}

impl OnTheWay<'_> {
    pub(super) fn expected(&self, terms: &Terms<'_>, settings: &Settings, now: OffsetDateTime) -> Option<Date> {
        let today = settings.local(now).date();
        match self.state {
            // It can leave today at the earliest.
            OrderState::Paid | OrderState::Packed => terms.arrival(self.method, today),
            OrderState::Shipped => {
                let handed_over = settings.local(self.shipped_at?).date();
                terms.arrival(self.method, handed_over).map(|day| day.max(today))
            }
            OrderState::Placed | OrderState::Delivered | OrderState::Cancelled => None,
        }
    }
}
