//! What managers set.

use crate::boundary::AppError;
use domain::customers::CustomerRefusal;
use leptos::prelude::*;

/// Where the lines between classes lie, and what is bought together.
#[server(endpoint = "desk/customers/rules")]
pub async fn set_rules(
    #[server(default)] active: String,
    #[server(default)] many: String,
    #[server(default)] gap: String,
    #[server(default)] habitual: String,
    #[server(default)] together: String,
    #[server(default)] share: String,
) -> Result<(), AppError<CustomerRefusal>> {
    use crate::{forms, request};
    use shop::customers::Rules;
    // What is no number is out of every bound.
    let number = |typed: &str| typed.trim().parse::<u32>().unwrap_or(u32::MAX);
    let rules = Rules {
        active_days: number(&active),
        many_orders: number(&many),
        frequent_gap_days: number(&gap),
        habitual_percent: number(&habitual),
        together_orders: number(&together),
        together_percent: number(&share),
    };
    let page = |pairs: &[(&str, &str)]| format!("/{}/desk/customers{}#rules", request::language(), forms::query(pairs));
    match shop::customers::set_rules(&request::shop(), &request::actor(), rules, request::now()).await {
        Ok(()) => {
            forms::go(&page(&[("rules", "set")]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let why = serde_json::to_string(&error).unwrap_or_default();
            let typed = [
                ("refused", why.as_str()),
                ("active", &active),
                ("many", &many),
                ("gap", &gap),
                ("habitual", &habitual),
                ("together", &together),
                ("share", &share),
            ];
            Err(forms::fail(error, &page(&typed)))
        }
    }
}
