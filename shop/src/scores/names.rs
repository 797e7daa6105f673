//! What groups are called whose names the merchant gives: carriers and categories. Answers keep their codes.

use crate::{Fault, Shop};
use domain::Translated;
use sqlx::types::Json;
use std::collections::BTreeMap;

/// By cell, as `carrier=correos`. A category is named after its first address, as [`crate::surveys`] keeps it.
pub(super) async fn read(shop: &Shop) -> Result<BTreeMap<String, Translated>, Fault> {
    let rows = sqlx::query!(
        r#"select 'carrier=' || code as "cell!", jsonb_build_object('en', name, 'es', name) as "name!: Json<Translated>" from carrier
           union all
           select 'category=' || (array_agg(slug order by language))[1], jsonb_object_agg(language, name)
           from category_translation group by category_id"#
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.cell, row.name.0)).collect())
}
