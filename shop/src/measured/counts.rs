//! Counting in memory: what is counted for every request is an atomic, the rest stands behind a lock.

use domain::measured::{Device, Measure, Visit, size_of};
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// What was counted and not yet written.
#[derive(Debug, Default)]
pub struct Counts {
    answered: AtomicU64,
    faulty: AtomicU64,
    others: Mutex<Others>,
}

/// How often each size was met.
type Others = HashMap<(Measure, Option<Device>, i16), u64>;

pub(super) struct Count {
    pub(super) measure: Measure,
    pub(super) device: Option<Device>,
    pub(super) size: i16,
    pub(super) count: u64,
}

impl Counts {
    /// A request was answered; `faulty` where the fault was ours.
    pub fn answered(&self, faulty: bool) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        if faulty {
            self.faulty.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Somebody searched by words of their own.
    pub fn searched(&self, found: bool) {
        let measure = if found { Measure::SearchFound } else { Measure::SearchEmpty };
        self.add(measure, None, 0, 1);
    }

    /// A page was left; false when what its browser says cannot be.
    pub fn visited(&self, visit: &Visit) -> bool {
        let Some(values) = visit.values() else { return false };
        for (measure, value) in values {
            self.add(measure, Some(visit.device), size_of(value), 1);
        }
        if visit.failed() > 0 {
            self.add(Measure::ScriptFailed, Some(visit.device), 0, u64::from(visit.failed()));
        }
        true
    }

    fn add(&self, measure: Measure, device: Option<Device>, size: i16, count: u64) {
        *self.others().entry((measure, device, size)).or_default() += count;
    }

    pub(super) fn take(&self) -> Vec<Count> {
        let others = std::mem::take(&mut *self.others());
        let every = [(Measure::Answered, &self.answered), (Measure::Faulty, &self.faulty)];
        let every = every.into_iter().map(|(measure, counter)| ((measure, None, 0), counter.swap(0, Ordering::Relaxed)));
        let all = every.filter(|(_, count)| *count > 0).chain(others);
        all.map(|((measure, device, size), count)| Count { measure, device, size, count }).collect()
    }

    pub(super) fn give_back(&self, counted: Vec<Count>) {
        for Count { measure, device, size, count } in counted {
            match measure {
                Measure::Answered => _ = self.answered.fetch_add(count, Ordering::Relaxed),
                Measure::Faulty => _ = self.faulty.fetch_add(count, Ordering::Relaxed),
                _ => self.add(measure, device, size, count),
            }
        }
    }

    /// Nothing under this lock can panic halfway.
    fn others(&self) -> MutexGuard<'_, Others> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
