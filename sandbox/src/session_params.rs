//! What a client may ask for when it opens a session, checked as Stripe checks it.

use serde_json::{Value, json};

use crate::api::ApiError;
use crate::clock::now;
use crate::form::Params;
use crate::ids::new_id;
use crate::money::smallest_charge;

/// Parameters the sandbox understands; others are refused by name.
const KNOWN: [&str; 14] = [
    "mode",
    "line_items",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "locale",
    "currency",
    "expires_at",
    "metadata",
    "payment_intent_data",
    "payment_method_types",
    "submit_type",
    "expand",
];

/// The methods of payment the sandbox's page offers.
const METHODS: [&str; 2] = ["card", "sepa_debit"];

const HALF_AN_HOUR: i64 = 30 * 60;
const A_DAY: i64 = 24 * 60 * 60;
/// Clocks differ, and requests take time.
const LENIENCY: i64 = 60;

/// A checked request.
pub(crate) struct SessionParams {
    pub(crate) currency: String,
    pub(crate) total: i64,
    /// Line items as the API lists them.
    pub(crate) line_items: Vec<Value>,
    pub(crate) success_url: String,
    pub(crate) cancel_url: Option<String>,
    pub(crate) client_reference_id: Option<String>,
    pub(crate) customer_email: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) metadata: Value,
    pub(crate) payment_metadata: Value,
    pub(crate) payment_method_types: Vec<String>,
}

impl SessionParams {
    pub(crate) fn read(params: &Params) -> Result<Self, ApiError> {
        params.only(&KNOWN)?;
        let mode = params.required("mode")?;
        if mode != "payment" {
            let message = format!("Invalid mode: {mode}. This sandbox knows 'payment' only.");
            return Err(ApiError::invalid(message, "mode"));
        }
        let (currency, line_items, total) = line_items(params)?;
        let payment = params.child("payment_intent_data");
        payment.only(&["metadata", "description", "receipt_email"])?;
        Ok(Self {
            currency,
            total,
            line_items,
            success_url: url(params, "success_url")?.ok_or_else(|| ApiError::missing("success_url"))?,
            cancel_url: url(params, "cancel_url")?,
            client_reference_id: short(params, "client_reference_id", 200)?,
            customer_email: email(params)?,
            locale: params.text("locale").map(str::to_owned),
            expires_at: expires_at(params)?,
            metadata: metadata(params)?,
            payment_metadata: metadata(&payment)?,
            payment_method_types: methods(params)?,
        })
    }
}

fn line_items(params: &Params) -> Result<(String, Vec<Value>, i64), ApiError> {
    let items = params.children("line_items");
    if items.is_empty() {
        return Err(ApiError::missing("line_items"));
    }
    if items.len() > 100 {
        return Err(ApiError::invalid("A session has 100 line items at most.", "line_items"));
    }
    let mut currency = params.text("currency").map(str::to_ascii_lowercase);
    let (mut list, mut total) = (Vec::new(), 0_i64);
    for item in &items {
        let (item_currency, amount, value) = line_item(item)?;
        if *currency.get_or_insert_with(|| item_currency.clone()) != item_currency {
            let message = "All line items must have the same currency.";
            return Err(ApiError::invalid(message, &item.name("price_data")));
        }
        total = total.saturating_add(amount);
        list.push(value);
    }
    let currency = currency.unwrap_or_default();
    check_total(total, &currency)?;
    Ok((currency, list, total))
}

fn check_total(total: i64, currency: &str) -> Result<(), ApiError> {
    if total < smallest_charge(currency) {
        let message = format!("The Checkout Session's total amount due must add up to at least {} {currency}.", smallest_charge(currency));
        return Err(ApiError::parameter("amount_too_small", message, "line_items"));
    }
    if total > 99_999_999 {
        let message = "The Checkout Session's total amount due must be no more than 99999999.";
        return Err(ApiError::parameter("amount_too_large", message, "line_items"));
    }
    Ok(())
}

fn line_item(item: &Params) -> Result<(String, i64, Value), ApiError> {
    item.only(&["price_data", "quantity"])?;
    let price = item.child("price_data");
    price.only(&["currency", "unit_amount", "product_data", "tax_behavior"])?;
    let product = price.child("product_data");
    product.only(&["name", "description", "images", "metadata", "tax_code"])?;
    let currency = currency(&price)?;
    let name = product.required("name")?;
    let unit = price.integer("unit_amount")?;
    let unit = unit.ok_or_else(|| ApiError::missing(&price.name("unit_amount")))?;
    let quantity = item.integer("quantity")?;
    let quantity = quantity.ok_or_else(|| ApiError::missing(&item.name("quantity")))?;
    if unit < 0 || quantity < 1 {
        let message = "Amounts must not be negative, and quantities must be 1 at least.";
        return Err(ApiError::invalid(message, &item.name("quantity")));
    }
    let amount = unit.saturating_mul(quantity);
    let value = json!({
        "id": new_id("li"), "object": "item",
        "amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0, "amount_total": amount,
        "currency": currency, "description": name, "quantity": quantity,
        "price": {
            "id": new_id("price"), "object": "price", "active": false, "billing_scheme": "per_unit",
            "created": now(), "currency": currency, "livemode": false, "metadata": {},
            "product": new_id("prod"), "type": "one_time", "unit_amount": unit,
            "unit_amount_decimal": unit.to_string(),
        },
    });
    Ok((currency, amount, value))
}

fn currency(price: &Params) -> Result<String, ApiError> {
    let given = price.required("currency")?;
    let code = given.to_ascii_lowercase();
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(code);
    }
    Err(ApiError::invalid(format!("Invalid currency: {given}"), &price.name("currency")))
}

fn url(params: &Params, key: &str) -> Result<Option<String>, ApiError> {
    match params.text(key) {
        None => Ok(None),
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => Ok(Some(url.to_owned())),
        Some(_) => Err(ApiError::parameter("url_invalid", "Not a valid URL", key)),
    }
}

fn short(params: &Params, key: &str, most: usize) -> Result<Option<String>, ApiError> {
    match params.text(key) {
        Some(text) if text.chars().count() > most => Err(ApiError::invalid(format!("{key} has {most} characters at most."), key)),
        other => Ok(other.map(str::to_owned)),
    }
}

fn email(params: &Params) -> Result<Option<String>, ApiError> {
    match params.text("customer_email") {
        Some(email) if !email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && local.is_ascii() && host.contains('.')) => {
            let message = format!("Invalid email address: {email}");
            Err(ApiError::parameter("email_invalid", message, "customer_email"))
        }
        other => Ok(other.map(str::to_owned)),
    }
}

fn expires_at(params: &Params) -> Result<i64, ApiError> {
    let now = now();
    let Some(at) = params.integer("expires_at")? else { return Ok(now + A_DAY) };
    if at < now + HALF_AN_HOUR - LENIENCY || at > now + A_DAY + LENIENCY {
        let message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from \
                       Checkout Session creation.";
        return Err(ApiError::invalid(message, "expires_at"));
    }
    Ok(at)
}

/// Stripe's limits: 50 keys, 40 characters a key, 500 a value.
pub(crate) fn metadata(params: &Params) -> Result<Value, ApiError> {
    let map = params.map("metadata");
    let fits = |(key, value): (&String, &String)| key.chars().count() <= 40 && value.chars().count() <= 500;
    if map.len() > 50 || !map.iter().all(fits) {
        let message = "Metadata has 50 keys at most, of 40 characters each, with values of 500.";
        return Err(ApiError::invalid(message, &params.name("metadata")));
    }
    Ok(json!(map))
}

fn methods(params: &Params) -> Result<Vec<String>, ApiError> {
    let asked = params.texts("payment_method_types");
    if asked.is_empty() {
        return Ok(METHODS.map(str::to_owned).to_vec());
    }
    match asked.iter().find(|method| !METHODS.contains(&method.as_str())) {
        None => Ok(asked),
        Some(unknown) => {
            let message = format!("Invalid payment_method_types[]: {unknown}. This sandbox knows card and sepa_debit.");
            Err(ApiError::invalid(message, "payment_method_types"))
        }
    }
}
