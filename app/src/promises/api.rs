//! Setting the rules of the desk.

use crate::boundary::AppError;
use domain::promises::PromiseRefusal;
use leptos::prelude::*;

#[server(endpoint = "desk/service-rules")]
pub async fn set_rules(
    #[server(default)] reply: String,
    #[server(default)] confirmation: String,
    #[server(default)] late: String,
    #[server(default)] late_by: String,
    #[server(default)] month: String,
) -> Result<(), AppError<PromiseRefusal>> {
    use crate::{forms, request};
    use domain::credit::MakesUpBy;
    use shop::promises::Rules;
    // What is no number is out of every bound.
    let number = |typed: &str| typed.trim().parse::<u32>().unwrap_or(u32::MAX);
    let rules = Rules {
        complaint_reply_minutes: number(&reply),
        confirmation_days: number(&confirmation),
        late_basis_points: number(&late).saturating_mul(100),
        late_by: MakesUpBy::from_code(&late_by).unwrap_or(MakesUpBy::Credit),
        credit_month_minor: i64::from(number(&month)).saturating_mul(100),
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
