//! The sections of the desk, in the order of its navigation, and what each asks for.

use crate::words;
use domain::{
    Language,
    staff::{Permission, Roles},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Console,
    Complaints,
    Cases,
    Promises,
    Reports,
    Quality,
    Customers,
    Articles,
    Templates,
    Scripts,
    Routing,
    Surveys,
    Staff,
    Audit,
    /// The person's own account.
    Me,
}

impl Section {
    pub const ALL: [Self; 15] = [
        Self::Console,
        Self::Complaints,
        Self::Cases,
        Self::Promises,
        Self::Reports,
        Self::Quality,
        Self::Customers,
        Self::Articles,
        Self::Templates,
        Self::Scripts,
        Self::Routing,
        Self::Surveys,
        Self::Staff,
        Self::Audit,
        Self::Me,
    ];

    #[must_use]
    pub fn address(self, language: Language) -> String {
        let path = match self {
            Self::Console => "",
            Self::Complaints => "/complaints",
            Self::Cases => "/cases",
            Self::Promises => "/promises",
            Self::Reports => "/reports",
            Self::Quality => "/quality",
            Self::Customers => "/customers",
            Self::Articles => "/articles",
            Self::Templates => "/templates",
            Self::Scripts => "/scripts",
            Self::Routing => "/routing",
            Self::Surveys => "/surveys",
            Self::Staff => "/staff",
            Self::Audit => "/audit",
            Self::Me => "/me",
        };
        format!("/{language}/desk{path}")
    }

    /// What one must be allowed to have any use for it.
    #[must_use]
    pub const fn needs(self) -> Option<Permission> {
        match self {
            Self::Console | Self::Cases => Some(Permission::Converse),
            Self::Complaints => Some(Permission::HandleComplaints),
            Self::Promises | Self::Reports | Self::Quality | Self::Customers => Some(Permission::SeeReports),
            Self::Articles | Self::Templates | Self::Scripts => Some(Permission::EditArticles),
            Self::Routing | Self::Surveys => Some(Permission::SetRules),
            Self::Staff => Some(Permission::ManageStaff),
            Self::Audit => Some(Permission::SeeAudit),
            Self::Me => None,
        }
    }

    #[must_use]
    pub fn is_open_to(self, roles: Roles) -> bool {
        self.needs().is_none_or(|permission| roles.may(permission))
    }

    /// Where somebody with these roles begins.
    #[must_use]
    pub fn first(roles: Roles) -> Self {
        Self::ALL.into_iter().find(|section| section.is_open_to(roles)).unwrap_or(Self::Me)
    }

    #[must_use]
    pub fn name(self, language: Language) -> String {
        match self {
            Self::Console => words!(language, backoffice.section.console),
            Self::Complaints => words!(language, backoffice.section.complaints),
            Self::Cases => words!(language, backoffice.section.cases),
            Self::Promises => words!(language, backoffice.section.promises),
            Self::Reports => words!(language, backoffice.section.reports),
            Self::Quality => words!(language, backoffice.section.quality),
            Self::Customers => words!(language, backoffice.section.customers),
            Self::Articles => words!(language, backoffice.section.articles),
            Self::Templates => words!(language, backoffice.section.templates),
            Self::Scripts => words!(language, backoffice.section.scripts),
            Self::Routing => words!(language, backoffice.section.routing),
            Self::Surveys => words!(language, backoffice.section.surveys),
            Self::Staff => words!(language, backoffice.section.staff),
            Self::Audit => words!(language, backoffice.section.audit),
            Self::Me => words!(language, backoffice.section.me),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::staff::Role;

    #[test]
    fn everybody_begins_where_their_work_is() {
        let first = |role| Section::first(Roles::of(&[role]));
        assert_eq!(first(Role::Agent), Section::Console);
        assert_eq!(first(Role::Merchandiser), Section::Articles);
        assert_eq!(first(Role::Administrator), Section::Routing);
        assert_eq!(Section::first(Roles::default()), Section::Me);
    }
}
