//! The lists as they are now: what the island asks for when it hears that something changed.

use crate::boundary::AppError;
use domain::chat::{ChatRefusal, Listed, Mention};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

/// One's own conversations, those that wait for somebody, and those of the list that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lists {
    pub own: Vec<Listed>,
    pub queue: Vec<Listed>,
    /// Of all, or what was searched for; empty where one of the two above is shown.
    pub others: Vec<Listed>,
    /// Where the list of all goes on.
    pub older: Option<String>,
    /// Notes that call whoever looks.
    pub mentions: Vec<Mention>,
}

/// `back` is where the island is, as in its address.
#[server(endpoint = "desk/lists", input = GetUrl)]
pub async fn fetch_lists(#[server(default)] back: String) -> Result<Lists, AppError<ChatRefusal>> {
    use crate::console::way::Way;
    Ok(load::lists(&Way::of_form(&back)).await?)
}

#[cfg(feature = "ssr")]
pub(in crate::console) mod load {
    use super::Lists;
    use crate::{
        console::way::{ListKind, Way},
        request,
    };
    use domain::chat::{ChatRefusal, Place};
    use shop::{Outcome, chat};
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};

    pub async fn lists(way: &Way) -> Outcome<Lists, ChatRefusal> {
        let (shop, actor) = (request::shop(), request::actor());
        let (own, queue) = (chat::own(&shop, &actor).await?, chat::queue(&shop, &actor).await?);
        let (others, older) = if !way.search.is_empty() {
            (chat::search(&shop, &actor, &way.search).await?, None)
        } else if way.list == ListKind::All {
            let page = chat::all(&shop, &actor, &chat::Filter::default(), place(&way.older)).await?;
            (page.conversations, page.next.and_then(|place| Some(format!("{}~{}", place.changed_at.format(&Rfc3339).ok()?, place.id))))
        } else {
            (Vec::new(), None)
        };
        Ok(Lists { own, queue, others, older, mentions: chat::mentions(&shop, &actor).await? })
    }

    fn place(older: &str) -> Option<Place> {
        let (changed_at, id) = older.split_once('~')?;
        Some(Place { changed_at: OffsetDateTime::parse(changed_at, &Rfc3339).ok()?, id: id.parse().ok()? })
    }
}
