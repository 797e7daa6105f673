//! Setting the rules of the desk.

use crate::boundary::AppError;
use domain::promises::PromiseRefusal;
use leptos::prelude::*;

#[server(endpoint = "desk/service-rules")]
pub async fn set_rules(
    #[server(default)] reply: String,
    #[server(default)] confirmation: String,
    #[server(default)] late: String,
) -> Result<(), AppError<PromiseRefusal>> {
    use crate::{forms, request};
    use shop::promises::Rules;
    // What is no number is out of every bound.
    let number = |typed: &str| typed.trim().parse::<u32>().unwrap_or(u32::MAX);
    let rules = Rules {
        complaint_reply_minutes: number(&reply),
        confirmation_days: number(&confirmation),
        late_basis_points: number(&late).saturating_mul(100),
    };
    let page = |said: &str| format!("/{}/desk/promises{}#rules", request::language(), forms::query(&[("rules", said)]));
    match shop::promises::set_rules(&request::shop(), &request::actor(), rules, request::now()).await {
        Ok(()) => {
            forms::go(&page("set"));
            Ok(())
        }
        Err(failure) => Err(forms::fail(failure.into(), &page("refused"))),
    }
}
