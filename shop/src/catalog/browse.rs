//! Looking around: the home page, a category with its products.

pub(super) mod rows;

use super::{menu, search::listing};
use crate::{Fault, Outcome, Shop};
use domain::{
    Language,
    catalog::{CategoryNode, CategoryPage, Found, HomePage, ListingQuery, WaysOn},
};
use rows::{CardRow, CategoryRow, PictureRow, cards, tree};
use sqlx::types::{Json, Uuid};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

/// Cards in each row of the home page.
const ROW: i64 = 8;
/// Cards where nothing was found.
const WAYS_ON: i64 = 4;
/// How far back sales make a favourite.
const FAVOURITE_DAYS: i64 = 90;

/// The home page: its picture, the categories at the top that hold something, what is new, what sells best. Where too little was
/// sold, the shop's own order fills up.
///
/// # Errors
/// The database refused it.
pub async fn home(shop: &Shop, language: Language, now: OffsetDateTime) -> Outcome<HomePage> {
    let mut categories = nodes(shop, language).await?;
    categories.retain(|category| category.count > 0);
    let picked = sqlx::query!(
        r#"
        with sold as (
            select l.product_id, sum(l.quantity) as pieces
            from orders o
            join order_line l on l.order_id = o.id
            where o.placed_at > $2 and o.state <> 'cancelled' and l.product_id is not null
            group by l.product_id
        ),
        newest as (
            select d.product_id as id, row_number() over (order by d.created_at desc, d.product_id desc) as n
            from search_document d where d.language = $1
            order by d.created_at desc, d.product_id desc limit $3
        ),
        favourite as (
            select f.id, row_number() over (order by f.pieces desc, f.id) as n
            from (
                (select d.product_id as id, s.pieces from sold s
                    join search_document d on d.product_id = s.product_id and d.language = $1
                    order by s.pieces desc, d.product_id limit $3)
                union all
                (select d.product_id, 0 from search_document d
                    where d.language = $1 and not exists (select from sold s where s.product_id = d.product_id)
                    order by d.product_id limit $3)
            ) f
            order by 2 limit $3
        )
        select
            coalesce((select jsonb_agg(to_jsonb(c) order by p.n) from newest p
                join product_card c on c.product_id = p.id and c.language = $1), '[]') as "newest!: Json<Vec<CardRow>>",
            coalesce((select jsonb_agg(to_jsonb(c) order by p.n) from favourite p
                join product_card c on c.product_id = p.id and c.language = $1), '[]') as "favourites!: Json<Vec<CardRow>>",
            (select to_jsonb(m) from home_page h join media m on m.id = h.media_id) as "scene: Json<PictureRow>"
        "#,
        language.code(),
        now - Duration::days(FAVOURITE_DAYS),
        ROW
    )
    .fetch_one(&shop.db)
    .await?;
    let currency = shop.settings.currency;
    Ok(HomePage {
        scene: picked.scene.and_then(|row| row.0.picture(language)),
        categories,
        newest: cards(picked.newest.0, language, currency),
        favourites: cards(picked.favourites.0, language, currency),
    })
}

/// The ways on from where nothing was found: the categories at the top that hold something, and the newest products.
/// Nothing is counted for it: the shop may be large, and many a search finds nothing.
///
/// # Errors
/// The database refused it.
pub async fn ways_on(shop: &Shop, language: Language) -> Outcome<WaysOn> {
    let newest = sqlx::query_scalar!(
        r#"
        select to_jsonb(c) as "card!: Json<CardRow>"
        from (
            select d.product_id, d.created_at from search_document d where d.language = $1
            order by d.created_at desc, d.product_id desc limit $2
        ) d
        join product_card c on c.product_id = d.product_id and c.language = $1
        order by d.created_at desc, d.product_id desc
        "#,
        language.code(),
        WAYS_ON
    )
    .fetch_all(&shop.db)
    .await?;
    let categories = menu::categories(shop, language).await?;
    Ok(WaysOn {
        categories: categories.iter().filter(|category| category.count > 0).cloned().collect(),
        newest: cards(newest.into_iter().map(|row| row.0).collect(), language, shop.settings.currency),
    })
}

/// All categories as a tree, in the shop's order, each with the products in it and below. It counts the whole shop.
pub(super) async fn nodes(shop: &Shop, language: Language) -> Result<Vec<CategoryNode>, Fault> {
    let all = sqlx::query!(
        r#"
        select
            coalesce((select jsonb_agg(to_jsonb(c) order by c.position, c.name) from category_card c where c.language = $1), '[]')
                as "rows!: Json<Vec<CategoryRow>>",
            coalesce((
                select jsonb_object_agg(h.category_id, h.products)
                from (
                    select d.category_id, count(*) as products from search_document d
                    where d.language = $1 and d.category_id is not null
                    group by d.category_id
                ) h
            ), '{}') as "held!: Json<HashMap<Uuid, u32>>"
        "#,
        language.code()
    )
    .fetch_one(&shop.db)
    .await?;
    Ok(tree(all.rows.0, &all.held.0, None, language))
}

/// A category's page. Its slug in another language, or one it had before, leads to the slug it has in this one.
/// `query.category` is not looked at: `slug` says which category it is.
///
/// # Errors
/// The database refused it.
pub async fn category(shop: &Shop, language: Language, slug: &str, query: &ListingQuery) -> Outcome<Found<CategoryPage>> {
    if slug.contains('\0') {
        return Ok(Found::Nowhere);
    }
    let query = ListingQuery { text: query.text.replace('\0', " "), category: Some(slug.to_owned()), ..query.clone() };
    let found = listing::find(shop, language, &query).await?;
    let by_id: HashMap<Uuid, &CategoryRow> = found.categories.iter().map(|row| (row.id, row)).collect();
    let Some(place) = found.place.and_then(|id| by_id.get(&id)) else { return Ok(Found::Nowhere) };
    if place.slug != slug {
        return Ok(Found::Moved(place.slug.clone()));
    }
    let (id, parent) = (place.id, place.parent_id);
    let ancestors = way_up(&by_id, parent);
    let category = tree(found.categories, &found.products, parent, language).into_iter().find(|node| node.id.0 == id);
    Ok(category
        .map_or(Found::Nowhere, |category| Found::Here(CategoryPage { category, ancestors, slugs: found.slugs, listing: found.listing })))
}

/// From the root down to `category`: (slug, name).
fn way_up(by_id: &HashMap<Uuid, &CategoryRow>, category: Option<Uuid>) -> Vec<(String, String)> {
    let mut way: Vec<(String, String)> =
        std::iter::successors(category.and_then(|id| by_id.get(&id)), |row| row.parent_id.and_then(|id| by_id.get(&id)))
            .map(|row| (row.slug.clone(), row.name.clone()))
            // No deeper than there are categories, should one have been made its own ancestor.
            .take(by_id.len())
            .collect();
    way.reverse();
    way
}
