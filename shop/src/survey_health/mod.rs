//! How far the answers of surveys can be trusted: how well the instrument measures, who answered and who did not, what the
//! short form costs, and what people wrote. The statistics are those of `quality`; here is what they are made of, and what
//! is not shown so that nobody's answers can be told.

mod apart;
mod careless;
mod comments;
mod dimension;
mod export;
mod forms;
mod instrument;
mod responses;
mod scope;
mod structure;
mod table;
mod unheard;

pub use apart::Hidden;
pub use careless::{Carelessness, Compared, Runs};
pub use comments::{Cursor, Said, Wanted, Written, comments};
pub use dimension::{DimensionHealth, ItemHealth, Stated};
pub use export::{codebook, export};
pub use forms::{BreakEven, FormFigures, Forms, Gets, Worth};
pub use instrument::{Health, health};
pub use quality::{Unsaid, careless::FAST, careless::SEVERE, factor_fit::Fit, intervals::Interval, nonresponse::NOTABLE};
pub use responses::{Reminder, Responses, responses, shares};
pub use scope::{Choices, Filter, PERIODS, Seen};
pub use structure::Structure;
pub use unheard::{Trait, TraitKind};

use crate::{Actor, Failure, Outcome};
use domain::{staff::Permission, surveys::SurveyRefusal};

/// A score needs this many answers; a distribution or a list of comments this many.
pub const FEWEST: u64 = quality::suppression::SCORE;
pub const FEWEST_SHOWN: u64 = quality::suppression::DISTRIBUTION;
/// With gaps by design alpha is shown from so many answers on.
pub const BY_DESIGN: usize = 150;

type Refusable<T = ()> = Outcome<T, SurveyRefusal>;

fn may_see(actor: &Actor) -> Refusable {
    actor.needs(Permission::SeeReports).map_err(|_| Failure::Refused(SurveyRefusal::NotAllowed))
}
