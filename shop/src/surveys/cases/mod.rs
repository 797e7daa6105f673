//! The closed loop: who was unhappy, or asks for help, becomes a case when they finish their survey. An agent takes it and
//! writes to them; they say whether it is solved, and how likely they are to recommend the shop now. A case leads to the
//! order as long as the answers do; then it is untied from both.

mod desk;
mod letters;
mod list;
mod open;
mod page;
mod person;
mod recovery;
mod row;
mod untie;

pub use desk::{close_unconfirmed, release, take, write};
pub use list::{Listed, PageOf, Queue, list};
pub(super) use open::open;
pub use page::{Answered, Line, Related, View, view};
pub use person::{Followed, Told, follow, tell};
pub use recovery::{Paired, Recovery, recovery};
pub(super) use untie::{untie_of, untie_old};
