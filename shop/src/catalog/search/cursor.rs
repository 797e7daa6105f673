//! Where the next page of a listing begins: after the last product's sort key and id, so that products that
//! come or go meanwhile neither double nor skip others.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::catalog::Sort;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The sort key of a product under one sorting: a number first, then a name, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    sort: Sort,
    pub(super) rank: i64,
    pub(super) name: String,
    pub(super) product: Uuid,
}

impl Cursor {
    pub(super) fn new(sort: Sort, rank: i64, name: String, product: Uuid) -> Self {
        Self { sort, rank, name, product }
    }

    /// As it stands in the address.
    pub(super) fn encode(&self) -> String {
        // Numbers, strings and ids always serialise.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Nothing for what we did not write, or wrote for another sorting: the listing then begins anew.
    pub(super) fn decode(text: &str, sort: Sort) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        // Postgres text holds no zero character: a made-up cursor must not become a fault.
        serde_json::from_slice(&bytes).ok().filter(|cursor: &Self| cursor.sort == sort && !cursor.name.contains('\0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_only_under_its_own_sorting() {
        let cursor = Cursor::new(Sort::Title, 0, "jarron".into(), Uuid::nil());
        assert_eq!(Cursor::decode(&cursor.encode(), Sort::Title), Some(cursor.clone()));
        assert_eq!(Cursor::decode(&cursor.encode(), Sort::Newest), None);
    }

    #[test]
    fn what_somebody_made_up_is_ignored() {
        for text in [
            "",
            "x",
            "e30",
            "////",
            &URL_SAFE_NO_PAD.encode(r#"{"sort":"title","rank":0,"name":"\u0000","product":"00000000-0000-0000-0000-000000000000"}"#),
        ] {
            assert_eq!(Cursor::decode(text, Sort::Title), None);
        }
    }
}
