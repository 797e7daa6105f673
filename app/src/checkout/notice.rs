//! Why somebody is back at the checkout: a word in the address that the page turns into sentences.

use crate::{boundary::AppError, words};
use domain::{Language, Money, checkout::CheckoutRefusal, format};
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    TotalChanged,
    CartChanged,
    Details,
    PaymentUnavailable,
    EmailRefused,
    NotPaid,
    Fault,
}

impl Notice {
    const ALL: [Self; 7] =
        [Self::TotalChanged, Self::CartChanged, Self::Details, Self::PaymentUnavailable, Self::EmailRefused, Self::NotPaid, Self::Fault];

    pub(super) fn of(error: &AppError<CheckoutRefusal>) -> Self {
        match error {
            AppError::Refused(CheckoutRefusal::TotalChanged { .. }) => Self::TotalChanged,
            // The page of an empty cart says so itself.
            AppError::Refused(CheckoutRefusal::CartChanged | CheckoutRefusal::EmptyCart) => Self::CartChanged,
            AppError::Refused(CheckoutRefusal::Details) => Self::Details,
            AppError::Refused(CheckoutRefusal::PaymentUnavailable) => Self::PaymentUnavailable,
            AppError::Refused(CheckoutRefusal::EmailRefused) => Self::EmailRefused,
            AppError::Fault(_) | AppError::Transport => Self::Fault,
        }
    }

    /// As it stands in the address.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::TotalChanged => "total",
            Self::CartChanged => "cart",
            Self::Details => "details",
            Self::PaymentUnavailable => "payment",
            Self::EmailRefused => "email",
            Self::NotPaid => "not-paid",
            Self::Fault => "fault",
        }
    }

    pub(super) fn in_query(pairs: &[(String, String)]) -> Option<Self> {
        let (_, code) = pairs.iter().find(|(name, _)| name == "notice")?;
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }

    fn sentences(self, language: Language, total: &str) -> (String, String) {
        match self {
            Self::TotalChanged => {
                (words!(language, checkout.notice.total_title), words!(language, checkout.notice.total, total = total.to_owned()))
            }
            Self::CartChanged => (words!(language, checkout.notice.cart_title), words!(language, checkout.notice.cart)),
            Self::Details => (words!(language, checkout.notice.details_title), words!(language, checkout.notice.details)),
            Self::PaymentUnavailable => (words!(language, checkout.notice.payment_title), words!(language, checkout.notice.payment)),
            Self::EmailRefused => (words!(language, checkout.notice.email_title), words!(language, checkout.notice.email)),
            Self::NotPaid => (words!(language, checkout.notice.not_paid_title), words!(language, checkout.notice.not_paid)),
            Self::Fault => (words!(language, checkout.notice.fault_title), words!(language, checkout.notice.fault)),
        }
    }
}

/// `total` is today's, once it is known.
#[component]
pub fn NoticeBox(notice: Notice, language: Language, total: Option<Money>) -> impl IntoView {
    let kind = if notice == Notice::NotPaid { "neutral" } else { "warn" };
    let total = total.map(|total| format::money(total, language));
    // A total that is not known yet cannot have changed: the details are what is missing.
    let notice = if notice == Notice::TotalChanged && total.is_none() { Notice::Details } else { notice };
    let (title, text) = notice.sentences(language, total.as_deref().unwrap_or_default());
    view! {
        <div class="notice" data-kind=kind id="notice" tabindex="-1" role="alert">
            <h2>{title}</h2>
            <p>{text}</p>
        </div>
    }
}
