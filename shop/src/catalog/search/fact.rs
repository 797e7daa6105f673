//! What a listing knows of a product it found, as `search_document.facts` has it (0013_listing_facts.sql).

use sqlx::types::Uuid;

/// Bytes of one product.
const SIZE: usize = 55;
/// Microseconds from 1970 to 2000, when Postgres' clock begins.
const UNIX_TO_POSTGRES: i64 = 946_684_800_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) product: Uuid,
    pub(super) category: Option<Uuid>,
    pub(super) facet_set: i32,
    /// The lowest of its variants, in minor units.
    pub(super) price: i64,
    /// Microseconds since 1970.
    pub(super) created: i64,
    /// Letters of its title, 999 at most.
    pub(super) title_length: i16,
    pub(super) in_stock: bool,
}

/// The facts of all products in `bytes`.
pub(super) fn facts(bytes: &[u8]) -> impl Iterator<Item = Fact> {
    bytes.as_chunks::<SIZE>().0.iter().map(Fact::read)
}

impl Fact {
    fn read(bytes: &[u8; SIZE]) -> Self {
        let mut rest = bytes.as_slice();
        Self {
            product: Uuid::from_bytes(taken(&mut rest)),
            category: Some(Uuid::from_bytes(taken(&mut rest))).filter(|category| !category.is_nil()),
            facet_set: i32::from_be_bytes(taken(&mut rest)),
            price: i64::from_be_bytes(taken(&mut rest)),
            created: i64::from_be_bytes(taken(&mut rest)) + UNIX_TO_POSTGRES,
            title_length: i16::from_be_bytes(taken(&mut rest)),
            in_stock: taken(&mut rest) != [0],
        }
    }
}

/// The next value's bytes; zeros after the end, which [`SIZE`] keeps away.
fn taken<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let Some((first, after)) = rest.split_first_chunk::<N>() else { return [0; N] };
    *rest = after;
    *first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_one_after_the_other() {
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut bytes = Vec::new();
        for (product, category, stock) in [(first, second, 1), (second, Uuid::nil(), 0)] {
            bytes.extend_from_slice(product.as_bytes());
            bytes.extend_from_slice(category.as_bytes());
            bytes.extend_from_slice(&7_i32.to_be_bytes());
            bytes.extend_from_slice(&1900_i64.to_be_bytes());
            bytes.extend_from_slice(&(-UNIX_TO_POSTGRES).to_be_bytes());
            bytes.extend_from_slice(&12_i16.to_be_bytes());
            bytes.push(stock);
        }
        let read: Vec<Fact> = facts(&bytes).collect();
        let of =
            |product, category, in_stock| Fact { product, category, facet_set: 7, price: 1900, created: 0, title_length: 12, in_stock };
        assert_eq!(read, [of(first, Some(second), true), of(second, None, false)]);
    }
}
