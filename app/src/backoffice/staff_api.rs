//! What administrators do with the people of the staff. Plain forms, as all of the desk's own.

use crate::boundary::AppError;
use domain::{account::AccountRefusal, ids::StaffId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The boxes that are ticked: a browser sends those only. As text, for flattened fields arrive as nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticked {
    pub agent: Option<String>,
    pub supervisor: Option<String>,
    pub manager: Option<String>,
    pub merchandiser: Option<String>,
    pub administrator: Option<String>,
}

#[cfg(feature = "ssr")]
impl Ticked {
    fn roles(self) -> domain::staff::Roles {
        use domain::staff::Role::{Administrator, Agent, Manager, Merchandiser, Supervisor};
        let boxes = [
            (Agent, self.agent),
            (Supervisor, self.supervisor),
            (Manager, self.manager),
            (Merchandiser, self.merchandiser),
            (Administrator, self.administrator),
        ];
        domain::staff::Roles::of(&boxes.into_iter().filter(|(_, ticked)| ticked.is_some()).map(|(role, _)| role).collect::<Vec<_>>())
    }
}

#[server(endpoint = "desk/staff-invite")]
pub async fn invite(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(flatten)] roles: Ticked,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, forms, request};
    use shop::account::staff::{self, NewStaff};
    let (shop, language, roles) = (request::shop(), request::language(), roles.roles());
    let page = format!("/{language}/desk/staff");
    let new = NewStaff { email: email.clone(), name: name.clone(), roles };
    match staff::invite(&shop, &request::actor(), new, language, request::now()).await {
        Ok(id) => {
            forms::go(&format!("{page}?done=invited#person-{id}"));
            Ok(())
        }
        Err(failure) => {
            let ticked = roles.list();
            let typed: Vec<_> =
                [("email", &*email), ("name", &*name)].into_iter().chain(ticked.iter().map(|role| ("role", role.code()))).collect();
            Err(answer::back(failure, &format!("{page}?form=invite#invite"), &typed))
        }
    }
}

#[server(endpoint = "desk/staff-roles")]
pub async fn set_roles(staff: StaffId, #[server(flatten)] roles: Ticked) -> Result<(), AppError<AccountRefusal>> {
    use crate::request;
    let outcome = shop::account::staff::set_roles(&request::shop(), &request::actor(), staff, roles.roles(), request::now()).await;
    answered(outcome, "roles", staff)
}

/// What conversations somebody is given; `skills` are separated by commas.
#[server(endpoint = "desk/staff-work")]
pub async fn set_work(
    staff: StaffId,
    #[server(default)] es: Option<String>,
    #[server(default)] en: Option<String>,
    #[server(default)] skills: String,
    #[server(default)] load_cap: String,
    #[server(default)] team: String,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::request;
    use domain::Language;
    use shop::account::staff::Work;
    let spoken = [(Language::Es, es), (Language::En, en)].into_iter().filter(|(_, ticked)| ticked.is_some());
    let work = Work {
        languages: spoken.map(|(language, _)| language).collect(),
        skills: skills.split(',').map(str::to_owned).collect(),
        load_cap: load_cap.trim().parse().unwrap_or(1),
        team,
    };
    let outcome = shop::account::staff::set_work(&request::shop(), &request::actor(), staff, work, request::now()).await;
    answered(outcome, "work", staff)
}

/// A link to choose a password, by mail.
#[server(endpoint = "desk/staff-link")]
pub async fn send_link(staff: StaffId) -> Result<(), AppError<AccountRefusal>> {
    use crate::request;
    let (shop, actor, language) = (request::shop(), request::actor(), request::language());
    let outcome = shop::account::staff::send_password_link(&shop, &actor, staff, language, request::now()).await;
    answered(outcome, "link", staff)
}

#[server(endpoint = "desk/staff-factor")]
pub async fn forget_factor(staff: StaffId) -> Result<(), AppError<AccountRefusal>> {
    use crate::request;
    let outcome = shop::account::staff::forget_second_factor(&request::shop(), &request::actor(), staff, request::now()).await;
    answered(outcome, "factor-off", staff)
}

#[server(endpoint = "desk/staff-off")]
pub async fn switch_off(staff: StaffId) -> Result<(), AppError<AccountRefusal>> {
    use crate::request;
    let outcome = shop::account::staff::switch_off(&request::shop(), &request::actor(), staff, request::now()).await;
    answered(outcome, "off", staff)
}

#[server(endpoint = "desk/staff-on")]
pub async fn switch_on(staff: StaffId) -> Result<(), AppError<AccountRefusal>> {
    use crate::request;
    let outcome = shop::account::staff::switch_on(&request::shop(), &request::actor(), staff, request::now()).await;
    answered(outcome, "on", staff)
}

/// Back to the person, saying what was done or why not.
#[cfg(feature = "ssr")]
fn answered(outcome: shop::Outcome<(), AccountRefusal>, done: &str, staff: StaffId) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let page = format!("/{}/desk/staff", request::language());
    answer::done(outcome, &format!("{page}?done={done}#person-{staff}"), &page)
}
