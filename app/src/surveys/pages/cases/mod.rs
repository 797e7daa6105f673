//! The pages of cases: the desk's list and page, and the one on which a person says whether it is solved.

mod labels;
mod list;
mod one;
mod person;
mod recovery;

pub use list::CasesPage;
pub use one::CasePage;
pub use person::CaseOfPersonPage;
