//! What the forms of a customer's addresses do.

use crate::boundary::AppError;
use domain::account::AccountRefusal;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An address as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub phone: String,
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
}

/// A new address, or the one with this id as it is now.
#[server(endpoint = "account/address")]
pub async fn save_address(#[server(default)] id: String, #[server(flatten)] typed: Typed) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, pages::addresses_address},
        forms, request,
    };
    use shop::account::customer;
    let (shop, actor, language) = (request::shop(), request::actor(), request::language());
    let saved = async {
        let profile = customer::profile(&shop, &actor).await?;
        let draft = typed.draft(&profile.email);
        customer::save_address(&shop, &actor, id.parse().ok(), &draft, request::now()).await
    };
    match saved.await {
        Ok(()) => {
            forms::go(&format!("{}?done=address", addresses_address(language)));
            Ok(())
        }
        Err(failure) => {
            let back = answer::with(&addresses_address(language), &[("form", "address"), ("edit", &id)]);
            Err(answer::back(failure, &format!("{back}#address"), &typed.pairs()))
        }
    }
}

#[server(endpoint = "account/address-remove")]
pub async fn remove_address(id: Uuid) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, pages::addresses_address},
        request,
    };
    let page = addresses_address(request::language());
    let outcome = shop::account::customer::remove_address(&request::shop(), &request::actor(), id).await;
    answer::done(outcome, &format!("{page}?done=removed"), &page)
}

/// Makes this address the one that the checkout begins with.
#[server(endpoint = "account/address-first")]
pub async fn begin_with(id: Uuid) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, pages::addresses_address},
        request,
    };
    let page = addresses_address(request::language());
    let outcome = shop::account::customer::begin_with(&request::shop(), &request::actor(), id).await;
    answer::done(outcome, &format!("{page}?done=first"), &page)
}

#[cfg(feature = "ssr")]
mod reading {
    use super::Typed;
    use crate::account::cookies::HandedOver;
    use domain::checkout::Draft;

    impl Typed {
        /// As the rules of the checkout read it.
        pub(crate) fn draft(&self, email: &str) -> Draft {
            let typed = self.clone();
            Draft {
                email: email.to_owned(),
                name: typed.name,
                phone: typed.phone,
                line1: typed.line1,
                line2: typed.line2,
                city: typed.city,
                region: typed.region,
                postcode: typed.postcode,
                country: typed.country,
                ..Draft::default()
            }
        }

        pub(crate) fn of_draft(draft: Draft) -> Self {
            Self {
                name: draft.name,
                phone: draft.phone,
                line1: draft.line1,
                line2: draft.line2,
                city: draft.city,
                region: draft.region,
                postcode: draft.postcode,
                country: draft.country,
            }
        }

        pub(super) fn pairs(&self) -> [(&str, &str); 8] {
            [
                ("name", &self.name),
                ("phone", &self.phone),
                ("line1", &self.line1),
                ("line2", &self.line2),
                ("city", &self.city),
                ("region", &self.region),
                ("postcode", &self.postcode),
                ("country", &self.country),
            ]
        }

        pub(crate) fn handed_over(typed: &HandedOver) -> Self {
            Self {
                name: typed.get("name"),
                phone: typed.get("phone"),
                line1: typed.get("line1"),
                line2: typed.get("line2"),
                city: typed.get("city"),
                region: typed.get("region"),
                postcode: typed.get("postcode"),
                country: typed.get("country"),
            }
        }
    }
}
