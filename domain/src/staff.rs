//! Who works in the shop and what each may do. Permissions belong to roles; intents in `shop` ask for a permission,
//! views ask for one only to hide a button.

use crate::{ids::StaffId, states::states};
use serde::{Deserialize, Serialize};

states! {
    /// What somebody is in the shop; one person may be several.
    Role {
        Agent = "agent",
        Supervisor = "supervisor",
        Manager = "manager",
        Merchandiser = "merchandiser",
        Administrator = "administrator",
    }
}

/// One thing that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// Take conversations and answer in them; open complaints; log contacts.
    Converse,
    /// Keep somebody from writing, for some days; supervisors for longer.
    Block,
    /// See and move everybody's conversations, presence and reviews.
    Supervise,
    /// Look orders up, resend their mails, change an address before packing, cancel.
    HandleOrders,
    /// Give money back, up to the person's limit; supervisors and managers without one.
    GiveBack,
    /// Work on complaints that one owns.
    HandleComplaints,
    /// See every complaint, promise, report, and export them.
    SeeReports,
    /// Change rules: routing, hours, targets, templates, compensation.
    SetRules,
    /// Write help articles and templates.
    EditArticles,
    /// Invite, change and switch off staff.
    ManageStaff,
    /// Search the log of what staff did.
    SeeAudit,
}

impl Role {
    const fn bit(self) -> u8 {
        1 << (self as u8)
    }

    /// What this role may do.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        use Permission::{
            Block, Converse, EditArticles, GiveBack, HandleComplaints, HandleOrders, ManageStaff, SeeAudit, SeeReports, SetRules, Supervise,
        };
        match self {
            Self::Agent => matches!(permission, Converse | Block | HandleOrders | GiveBack | HandleComplaints),
            Self::Supervisor => {
                matches!(permission, Converse | Block | Supervise | HandleOrders | GiveBack | HandleComplaints | SeeReports | EditArticles)
            }
            Self::Manager => !matches!(permission, ManageStaff),
            Self::Merchandiser => matches!(permission, EditArticles),
            Self::Administrator => matches!(permission, ManageStaff | SeeAudit | SetRules),
        }
    }
}

/// The roles of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct Roles(u8);

impl Roles {
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        Self(roles.iter().fold(0, |bits, role| bits | role.bit()))
    }

    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.list().iter().any(|role| role.may(permission))
    }

    #[must_use]
    pub fn list(self) -> Vec<Role> {
        Role::ALL.iter().copied().filter(|role| self.has(*role)).collect()
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<Vec<Role>> for Roles {
    fn from(roles: Vec<Role>) -> Self {
        Self::of(&roles)
    }
}

impl From<Roles> for Vec<Role> {
    fn from(roles: Roles) -> Self {
        roles.list()
    }
}

/// Somebody of the staff who is logged in, with both factors where there are two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: StaffId,
    pub name: String,
    pub email: String,
    pub roles: Roles,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_who_answers_shoppers_lets_people_in_by_that() {
        let desk = Roles::of(&[Role::Agent, Role::Supervisor]);
        assert!(desk.may(Permission::Converse) && !desk.may(Permission::ManageStaff) && !desk.may(Permission::SeeAudit));
        assert!(!Roles::of(&[Role::Merchandiser]).may(Permission::GiveBack));
        assert!(!Roles::default().may(Permission::Converse));
    }
}
