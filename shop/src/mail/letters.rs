//! What the mails say. A letter is a short list of parts; each part is written once as text and once as HTML, and
//! whatever a person typed is escaped in the one place where HTML is made.

use crate::Settings;
use domain::{
    Language, format,
    orders::{Order, OrderState, PaymentState, Promised},
};
use std::fmt::Write as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Confirmation,
    Dispatched,
    Delivered,
    /// It cannot be delivered after all; the money goes back.
    GivenBack,
    /// It will not be there by the day that was promised.
    Late,
    /// The money that was on its way did not come.
    PaymentFailed,
}

impl Kind {
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "order.confirmation" => Self::Confirmation,
            "order.dispatched" => Self::Dispatched,
            "order.delivered" => Self::Delivered,
            "order.given_back" => Self::GivenBack,
            "order.late" => Self::Late,
            "payment.failed" => Self::PaymentFailed,
            _ => return None,
        })
    }

    /// Between the cause of a letter and its writing, the parcel may arrive, or the money.
    pub(super) fn still_concerns(self, order: &Order) -> bool {
        match self {
            Self::Late => !matches!(order.state, OrderState::Delivered | OrderState::Cancelled),
            Self::PaymentFailed => order.state == OrderState::Cancelled,
            Self::Confirmation | Self::Dispatched | Self::Delivered | Self::GivenBack => true,
        }
    }
}

pub(super) struct Composed {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

pub(crate) enum Part {
    Paragraph(String),
    /// Left and right column, the last row strong.
    Table(Vec<(String, String)>),
    Link {
        label: String,
        url: String,
    },
}

pub(super) fn compose(kind: Kind, order: &Order, link: &str, settings: &Settings, language: Language) -> Composed {
    let say = |es: &str, en: &str| if language == Language::Es { es.to_owned() } else { en.to_owned() };
    let number = &order.number;
    let mut parts = vec![Part::Paragraph(match language {
        Language::Es => format!("Hola, {}:", order.name),
        Language::En => format!("Hello {},", order.name),
    })];
    let subject = match kind {
        Kind::Confirmation => {
            parts.push(Part::Paragraph(if order.by_card().is_zero() {
                say("Gracias por tu pedido. Ya lo preparamos.", "Thank you for your order. We are getting it ready.")
            } else {
                say(
                    "Gracias por tu pedido. Hemos recibido el pago y ya lo preparamos.",
                    "Thank you for your order. We have received your payment and are getting it ready.",
                )
            }));
            parts.push(Part::Paragraph(arrival(&order.promised, language)));
            parts.push(bill(order, language));
            parts.push(destination(order, language));
            say(&format!("Pedido {number} confirmado"), &format!("Order {number} confirmed"))
        }
        Kind::Dispatched => {
            parts.push(Part::Paragraph(say("Tu pedido está en camino.", "Your order is on its way.")));
            parts.push(Part::Paragraph(arrival(&order.promised, language)));
            parts.extend(parcels(order, language));
            parts.push(destination(order, language));
            say(&format!("Pedido {number} enviado"), &format!("Order {number} dispatched"))
        }
        Kind::Delivered => {
            parts.push(Part::Paragraph(say("Tu pedido se ha entregado. Que lo disfrutes.", "Your order has been delivered. Enjoy it.")));
            say(&format!("Pedido {number} entregado"), &format!("Order {number} delivered"))
        }
        Kind::GivenBack => {
            let rest = order.payment == PaymentState::PartRefunded;
            let all = format::money(order.by_card(), language);
            let credit = format::money(order.credit, language);
            if !order.credit.is_zero() {
                parts.push(Part::Paragraph(say(
                    &format!("Lo que pagaste con saldo ({credit}) vuelve a tu saldo: el código vuelve a valer ya."),
                    &format!("What you paid with store credit ({credit}) goes back to it: the code is good again already."),
                )));
            }
            parts.push(Part::Paragraph(match language {
                _ if order.by_card().is_zero() => say(
                    "Lo sentimos: no podemos servir tu pedido. No tienes que hacer nada.",
                    "We are sorry: we cannot fulfil your order. You need not do anything.",
                ),
                Language::Es => format!(
                    "Lo sentimos: no podemos servir tu pedido. No tienes que hacer nada: te devolvemos {} por el mismo medio de pago, normalmente en 5 a 10 días.",
                    if rest { "el resto de lo que pagaste" } else { &all }
                ),
                Language::En => format!(
                    "We are sorry: we cannot fulfil your order. You need not do anything: we return {} the way you paid, usually within 5 to 10 days.",
                    if rest { "the rest of what you paid" } else { &all }
                ),
            }));
            say(&format!("Pedido {number}: te devolvemos el importe"), &format!("Order {number}: your money is on its way back"))
        }
        Kind::Late => {
            parts.push(Part::Paragraph(delay(&order.promised, language)));
            parts.push(Part::Paragraph(say(
                "Puedes esperar: no tienes que hacer nada. O puedes cancelar: responde a este correo y te devolvemos todo tu dinero.",
                "You may wait: there is nothing you need do. Or you may cancel: reply to this mail and we return all your money.",
            )));
            say(&format!("Pedido {number}: llegará más tarde"), &format!("Order {number} will be late"))
        }
        Kind::PaymentFailed => {
            parts.push(Part::Paragraph(say(
                "El pago de tu pedido no ha llegado: tu banco lo ha rechazado o no ha contestado. No se te ha cobrado nada y el pedido queda cancelado.",
                "The payment of your order did not come through: your bank declined it, or never answered. Nothing was charged and the order is cancelled.",
            )));
            if order.can_be_put_back {
                parts.push(Part::Paragraph(say(
                    "Si todavía lo quieres, abre el pedido y vuelve a poner todo en el carrito con un clic.",
                    "If you still want it, open the order and put everything back into your cart with one click.",
                )));
            }
            say(&format!("Pedido {number}: el pago no ha llegado"), &format!("Order {number}: the payment did not come through"))
        }
    };
    parts.push(Part::Link { label: say("Ver el pedido", "View your order"), url: link.to_owned() });
    Composed { text: text(&parts, settings), html: html(&parts, &subject, settings, language), subject }
}

fn delay(promised: &Promised, language: Language) -> String {
    let day = |date| format::day(date, language);
    match (promised.expected, language) {
        (Some(expected), Language::Es) => {
            format!(
                "Prometimos tu pedido para el {} y no vamos a llegar: lo esperamos el {}. Lo sentimos.",
                day(promised.latest),
                day(expected)
            )
        }
        (Some(expected), Language::En) => {
            format!(
                "We promised your order by {} and will not make it: we expect it on {}. We are sorry.",
                day(promised.latest),
                day(expected)
            )
        }
        (None, Language::Es) => format!("Prometimos tu pedido para el {} y vamos con retraso. Lo sentimos.", day(promised.latest)),
        (None, Language::En) => format!("We promised your order by {} and are late. We are sorry.", day(promised.latest)),
    }
}

fn arrival(promised: &Promised, language: Language) -> String {
    let day = |date| format::day(date, language);
    match (promised.expected, language) {
        (Some(expected), Language::Es) => format!("Llegará más tarde de lo prometido: lo esperamos el {}. Lo sentimos.", day(expected)),
        (Some(expected), Language::En) => format!("It will arrive later than promised: we expect it on {}. We are sorry.", day(expected)),
        (None, Language::Es) if promised.earliest == promised.latest => format!("Llega el {}.", day(promised.latest)),
        (None, Language::En) if promised.earliest == promised.latest => format!("It arrives on {}.", day(promised.latest)),
        (None, Language::Es) => format!("Llega entre el {} y el {}.", day(promised.earliest), day(promised.latest)),
        (None, Language::En) => format!("It arrives between {} and {}.", day(promised.earliest), day(promised.latest)),
    }
}

fn bill(order: &Order, language: Language) -> Part {
    let say = |es: &str, en: &str| if language == Language::Es { es.to_owned() } else { en.to_owned() };
    let money = |amount| format::money(amount, language);
    let lines = order.lines.iter().map(|line| {
        let options = if line.options.is_empty() { String::new() } else { format!(" ({})", line.options) };
        (format!("{} × {}{options}", line.quantity, line.title), money(line.total))
    });
    let mut rows: Vec<_> = lines.collect();
    let free = || say("gratis", "free");
    rows.push((
        format!("{}: {}", say("Envío", "Delivery"), order.method),
        if order.delivery.is_zero() { free() } else { money(order.delivery) },
    ));
    for tax in &order.taxes {
        let rate = format::percent(tax.basis_points, language);
        let included = if tax.included { say(" (incluido)", " (included)") } else { String::new() };
        rows.push((format!("{} {rate}{included}", tax.name), money(tax.tax)));
    }
    rows.push((say("Total", "Total"), money(order.total)));
    if !order.credit.is_zero() {
        rows.push((say("Pagado con saldo", "Paid with store credit"), money(order.credit)));
        rows.push((say("Pagado con tarjeta", "Paid by card"), money(order.by_card())));
    }
    Part::Table(rows)
}

fn parcels(order: &Order, language: Language) -> Vec<Part> {
    let mut parts = Vec::new();
    for parcel in &order.parcels {
        parts.push(Part::Paragraph(format!("{}: {}", parcel.carrier, parcel.tracking)));
        if !parcel.url.is_empty() {
            let label = if language == Language::Es { "Seguir el paquete" } else { "Track the parcel" };
            parts.push(Part::Link { label: label.to_owned(), url: parcel.url.clone() });
        }
    }
    parts
}

fn destination(order: &Order, language: Language) -> Part {
    Part::Paragraph(order.address.lines(&order.name, language).join("\n"))
}

pub(super) fn text(parts: &[Part], settings: &Settings) -> String {
    let mut out = String::new();
    for part in parts {
        // Writing to a String cannot fail.
        let _ = match part {
            Part::Paragraph(text) => writeln!(out, "{text}\n"),
            Part::Link { label, url } => writeln!(out, "{label}:\n{url}\n"),
            Part::Table(rows) => {
                rows.iter().for_each(|(left, right)| {
                    let _ = writeln!(out, "{left}: {right}");
                });
                writeln!(out)
            }
        };
    }
    let _ = writeln!(out, "-- \n{}\n{}", settings.shop_name, settings.public_url);
    out
}

pub(super) fn html(parts: &[Part], title: &str, settings: &Settings, language: Language) -> String {
    let mut body = String::new();
    for part in parts {
        let _ = match part {
            Part::Paragraph(text) => write!(body, "<p>{}</p>", escaped(text).replace('\n', "<br>")),
            Part::Link { label, url } => write!(body, "<p><a href=\"{}\" style=\"color:#7a3b1d\">{}</a></p>", escaped(url), escaped(label)),
            Part::Table(rows) => write!(body, "<table style=\"width:100%;border-collapse:collapse\">{}</table>", table_rows(rows)),
        };
    }
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"margin:0;padding:24px;background:#faf7f2;color:#2b2622;font:16px/1.5 system-ui,sans-serif\">\
         <div style=\"max-width:560px;margin:0 auto\">{body}<p style=\"color:#5c534b\">{}</p></div></body></html>",
        escaped(title),
        escaped(&settings.shop_name)
    )
}

fn table_rows(rows: &[(String, String)]) -> String {
    let cell = "padding:6px 0;border-top:1px solid #e4dcd2;text-align";
    rows.iter().enumerate().fold(String::new(), |mut out, (index, (left, right))| {
        let weight = if index + 1 == rows.len() { ";font-weight:bold" } else { "" };
        let (left, right) = (escaped(left), escaped(right));
        let _ = write!(out, "<tr><td style=\"{cell}:left{weight}\">{left}</td><td style=\"{cell}:right{weight}\">{right}</td></tr>");
        out
    })
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}
