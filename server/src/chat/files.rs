//! Files of conversations: `POST /chat/files?conversation=..`, from a script or a plain form, and `GET /chat/files/{id}`
//! for who belongs to the conversation.

use super::desk_form;
use crate::{router::Server, turned_away::Asker, visitor};
use axum::{
    Extension, Json,
    extract::{FromRequest, Multipart, Path, Query, Request, State, multipart::MultipartError},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    chat::{Attachment, ChatRefusal, MOST_ATTACHMENTS},
    ids::{AttachmentId, ConversationId},
};
use serde::Deserialize;
use shop::{
    Actor, Failure, Outcome, Shop,
    account::session,
    chat::{self, File, Post, Who},
    signing,
};
use std::fmt::Write as _;
use time::OffsetDateTime;
use uuid::Uuid;

/// Opened by itself, a file may do nothing.
const POLICY: &str = "default-src 'none'; sandbox";

#[derive(Deserialize)]
pub struct To {
    conversation: ConversationId,
    /// From the console: as one of the staff, whoever else the browser belongs to.
    #[serde(default)]
    desk: bool,
}

/// What a form brought.
#[derive(Default)]
pub(super) struct Form {
    files: Vec<(String, Vec<u8>)>,
    pub(super) body: String,
    client_id: Option<Uuid>,
    /// Among staff.
    note: bool,
    /// The page to go back to.
    next: String,
}

/// Stores files. A script gets them back as a list; a plain form has sent a message with them and goes back to its page.
pub async fn store(
    State(server): State<Server>,
    Query(To { conversation, desk }): Query<To>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let asker = Asker::of(&request);
    let sides = match sides(&server.shop, &actor, request.headers()).await {
        Ok(sides) => sides.into_iter().filter(|who| !desk || matches!(who, Who::Staff(_))).collect::<Vec<_>>(),
        Err(failure) => return failed(&failure),
    };
    let parts = match Multipart::from_request(request, &()).await {
        Ok(parts) => parts,
        Err(rejection) => return rejection.into_response(),
    };
    let mut form = Form::default();
    let whole = read(parts, &mut form).await;
    let next = asker.is_browsing().then_some(form.next.as_str()).filter(|next| next.starts_with('/') && !next.starts_with("//"));
    let kept = match whole {
        Ok(()) => keep(&server.shop, &sides, conversation, &form, next.is_some()).await,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Failure::Refused(ChatRefusal::TooLarge)),
        Err(error) => return error.into_response(),
    };
    if let (true, Some(next)) = (desk, next) {
        return desk_form::answer(&server.shop, sides.first(), conversation, &form, next, kept.map(drop)).await;
    }
    match kept {
        Ok(stored) => match next {
            Some(next) => Redirect::to(next).into_response(),
            None => Json(stored).into_response(),
        },
        Err(Failure::Refused(why)) => refused(why, next, &form.body, asker),
        Err(failure) => failed(&failure),
    }
}

/// What came before an error is kept.
async fn read(mut parts: Multipart, form: &mut Form) -> Result<(), MultipartError> {
    while let Some(field) = parts.next_field().await? {
        match field.name().unwrap_or_default() {
            "body" => form.body = field.text().await?,
            "client_id" => form.client_id = field.text().await?.parse().ok(),
            "note" => form.note = field.text().await? == "true",
            "next" => form.next = field.text().await?,
            "file" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await?;
                // A form sends a field also where no file was chosen.
                if !bytes.is_empty() {
                    form.files.push((name, bytes.into()));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

async fn keep(shop: &Shop, sides: &[Who], conversation: ConversationId, form: &Form, send: bool) -> Outcome<Vec<Attachment>, ChatRefusal> {
    if form.files.len() > MOST_ATTACHMENTS {
        return Err(Failure::Refused(ChatRefusal::TooManyFiles));
    }
    let now = OffsetDateTime::now_utc();
    let mut refusal = ChatRefusal::NoSuchConversation;
    for &who in sides {
        match keep_as(shop, who, conversation, form, send, now).await {
            Err(Failure::Refused(why @ (ChatRefusal::NoSuchConversation | ChatRefusal::NotAllowed))) => refusal = why,
            outcome => return outcome,
        }
    }
    Err(Failure::Refused(refusal))
}

async fn keep_as(
    shop: &Shop,
    who: Who,
    conversation: ConversationId,
    form: &Form,
    send: bool,
    now: OffsetDateTime,
) -> Outcome<Vec<Attachment>, ChatRefusal> {
    let mut stored = Vec::new();
    for (name, bytes) in &form.files {
        stored.push(chat::attach(shop, who, conversation, name, bytes.clone(), now).await?);
    }
    if send {
        let attachments = stored.iter().map(|file| file.id).collect();
        let client_id = form.client_id.unwrap_or_else(Uuid::new_v4);
        let note = form.note && matches!(who, Who::Staff(_));
        chat::post(shop, who, conversation, Post { client_id, body: form.body.clone(), attachments, note }, now).await?;
    }
    Ok(stored)
}

/// A script is told the refusal; a plain form's page shows it, and what was typed.
fn refused(why: ChatRefusal, next: Option<&str>, typed: &str, asker: Asker) -> Response {
    let code = serde_json::to_value(why).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
    match next {
        Some(next) if asker.is_browsing() => {
            let page = next.split('#').next().unwrap_or_default();
            let sign = if page.contains('?') { '&' } else { '?' };
            let typed = app::forms::carried(typed);
            let query = app::forms::query(&[("refused", &code), ("form", "say"), ("typed", &typed)]).replacen('?', "", 1);
            Redirect::to(&format!("{page}{sign}{query}#say")).into_response()
        }
        _ => (StatusCode::UNPROCESSABLE_ENTITY, Json(why)).into_response(),
    }
}

/// One file: pictures are shown, everything else is kept.
pub async fn fetch(
    State(server): State<Server>,
    Path(id): Path<AttachmentId>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
) -> Response {
    let sides = match sides(&server.shop, &actor, &headers).await {
        Ok(sides) => sides,
        Err(failure) => return failed(&failure),
    };
    for who in sides {
        match chat::file(&server.shop, who, id).await {
            Ok(file) => return served(file),
            Err(Failure::Refused(_)) => {}
            Err(failure) => return failed(&failure),
        }
    }
    StatusCode::NOT_FOUND.into_response()
}

pub(super) fn failed(failure: &Failure<ChatRefusal>) -> Response {
    tracing::error!(%failure, "a file of a conversation neither came nor went");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn served(File { attachment, bytes }: File) -> Response {
    let how = if attachment.is_picture() { "inline" } else { "attachment" };
    let mut disposition = format!("{how}; filename*=UTF-8''");
    for byte in attachment.name.bytes() {
        // Writing to a String cannot fail.
        let _ = if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            write!(disposition, "{}", char::from(byte))
        } else {
            write!(disposition, "%{byte:02X}")
        };
    }
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, value(&attachment.media_type)),
        (header::CONTENT_DISPOSITION, value(&disposition)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, bytes).into_response()
}

/// As whom somebody may come: staff who try the shop have two sides.
async fn sides(shop: &Shop, actor: &Actor, headers: &HeaderMap) -> Outcome<Vec<Who>, ChatRefusal> {
    let cookie = visitor::cookie(headers, signing::VISITOR_COOKIE);
    let visitor = cookie.and_then(|value| signing::visitor_from_cookie(&shop.settings, value));
    let shopper = (visitor.is_some() || actor.customer().is_some()).then(|| Who::shopper(actor, visitor));
    let member = match visitor::cookie(headers, session::STAFF_COOKIE) {
        Some(cookie) => session::of_staff(shop, cookie, OffsetDateTime::now_utc())
            .await
            .map_err(|failure| failure.map_refusal(|never| match never {}))?,
        None => None,
    };
    let staff =
        member.filter(|session| session.complete).map(|session| Actor::Staff { id: session.member.id, roles: session.member.roles });
    Ok(shopper.into_iter().chain(staff.map(|actor| Who::staff(&actor))).collect())
}
