//! Changes of the cart's lines on their way to the server: after a pause, for one may go on clicking; one at a time, for
//! two could overtake each other; and of each line only the newest. Links wait until the last is answered.

use crate::lasting::Underway;
use domain::ids::VariantId;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::{collections::BTreeMap, time::Duration};

/// How long somebody may go on clicking or typing before the server is asked.
const PAUSE: Duration = Duration::from_millis(350);

pub(super) enum Change {
    /// To a number as typed. What is refused is said in `refusal`, beside the line.
    Quantity {
        typed: String,
        refusal: RwSignal<Option<String>>,
    },
    Removal,
}

#[derive(Clone, Copy)]
pub(super) struct Changes(StoredValue<Queue>);

#[derive(Default)]
struct Queue {
    waiting: BTreeMap<VariantId, Waiting>,
    asking: bool,
    underway: Option<Underway>,
}

struct Waiting {
    change: Change,
    /// Of the pause that is not over yet.
    clock: Option<TimeoutHandle>,
}

impl Changes {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(Queue::default()))
    }

    /// In place of what waits for this line; `send` is called after the pause.
    pub(super) fn put_after_a_pause(self, variant: VariantId, change: Change, send: impl FnOnce() + 'static) {
        let over = move || {
            self.0.update_value(|queue| {
                if let Some(waiting) = queue.waiting.get_mut(&variant) {
                    waiting.clock = None;
                }
            });
            send();
        };
        self.replace(variant, Waiting { change, clock: set_timeout_with_handle(over, PAUSE).ok() });
    }

    /// In place of what waits for this line, to be sent next.
    pub(super) fn put(self, variant: VariantId, change: Change) {
        self.replace(variant, Waiting { change, clock: None });
    }

    /// Ends every pause.
    pub(super) fn hurry(self) {
        self.0.update_value(|queue| {
            for clock in queue.waiting.values_mut().filter_map(|waiting| waiting.clock.take()) {
                clock.clear();
            }
        });
    }

    /// What is to be sent now: nothing while another is being asked for. [`Changes::answered`] follows.
    pub(super) fn next(self) -> Option<(VariantId, Change)> {
        self.0.try_update_value(|queue| {
            let next = queue.waiting.iter().find(|(_, waiting)| waiting.clock.is_none()).map(|(&variant, _)| variant);
            let variant = next.filter(|_| !queue.asking)?;
            let waiting = queue.waiting.remove(&variant)?;
            queue.asking = true;
            Some((variant, waiting.change))
        })?
    }

    pub(super) fn answered(self) {
        let done = self.0.try_update_value(|queue| {
            queue.asking = false;
            queue.underway.take_if(|_| queue.waiting.is_empty())
        });
        drop(done);
    }

    /// Something is shown that the server has not been asked for.
    pub(super) fn are_waiting(self) -> bool {
        self.0.with_value(|queue| !queue.waiting.is_empty())
    }

    fn replace(self, variant: VariantId, waiting: Waiting) {
        self.0.update_value(|queue| {
            queue.underway.get_or_insert_with(Underway::begin);
            if let Some(clock) = queue.waiting.insert(variant, waiting).and_then(|before| before.clock) {
                clock.clear();
            }
        });
    }
}
