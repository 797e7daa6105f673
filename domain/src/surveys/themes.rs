//! What a comment is about, by lists of words that anybody can read and change: no model that nobody can question. A
//! comment may be about several things, or about none of them.

use crate::states::states;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

states! {
    /// What people write about.
    Theme {
        Delivery = "delivery",
        Packaging = "packaging",
        Product = "product",
        Website = "website",
        Price = "price",
        Contact = "contact",
        Returns = "returns",
        Damage = "damage",
    }
}

impl Theme {
    /// The words that name it, in both languages and without accents; a star stands for any ending.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Delivery => &[
                "deliver*",
                "ship*",
                "arriv*",
                "courier*",
                "carrier*",
                "parcel*",
                "late",
                "delay*",
                "tracking",
                "postman", //
                "entreg*",
                "envio*",
                "enviar*",
                "llegad*",
                "llego",
                "llega",
                "llegaron",
                "mensajer*",
                "repartidor*",
                "paquete*",
                "retras*",
                "tarde",
                "plazo*",
                "seguimiento",
                "transportista*",
            ],
            Self::Packaging => &[
                "packaging",
                "packing",
                "packed",
                "wrap*",
                "box",
                "boxes",
                "cardboard",
                "bubble",
                "plastic", //
                "embalaje*",
                "embalad*",
                "empaquetad*",
                "envoltorio*",
                "envuelt*",
                "caja*",
                "carton",
                "burbujas",
                "plastico*",
            ],
            Self::Product => &[
                "product*",
                "quality",
                "colour*",
                "color*",
                "size*",
                "material*",
                "glaze*",
                "finish",
                "item*", //
                "producto*",
                "calidad",
                "tamano*",
                "talla*",
                "esmalte*",
                "acabado*",
                "articulo*",
            ],
            Self::Website => &[
                "website*",
                "site",
                "web",
                "page*",
                "checkout",
                "search*",
                "menu*",
                "app",
                "screen*",
                "button*",
                "login", //
                "pagina*",
                "sitio",
                "buscador",
                "buscar",
                "pantalla*",
                "boton*",
                "aplicacion",
                "movil",
            ],
            Self::Price => &[
                "price*",
                "pricey",
                "expensive",
                "cheap*",
                "cost",
                "costs",
                "discount*",
                "money",
                "fee",
                "fees", //
                "precio*",
                "caro",
                "cara",
                "caros",
                "caras",
                "barat*",
                "coste*",
                "descuento*",
                "oferta*",
                "dinero",
                "gastos",
            ],
            Self::Contact => &[
                "contact*",
                "call",
                "called",
                "phone*",
                "telephone*",
                "chat*",
                "email*",
                "support",
                "staff",
                "reply",
                "replied",
                "answered", //
                "llame",
                "llamar",
                "llamada*",
                "telefono*",
                "correo*",
                "atencion",
                "respondi*",
                "responden",
                "contest*",
                "personal",
            ],
            Self::Returns => &[
                "return*",
                "refund*",
                "exchange*", //
                "devol*",
                "devuelt*",
                "devuelv*",
                "reembols*",
                "cambio",
                "cambios",
            ],
            Self::Damage => &[
                "broken",
                "broke",
                "damage*",
                "crack*",
                "chipped",
                "scratch*",
                "defect*",
                "shatter*", //
                "roto",
                "rota",
                "rotos",
                "rotas",
                "rompi*",
                "danad*",
                "dano",
                "danos",
                "estropead*",
                "rayad*",
                "desportillad*",
                "golpe*",
            ],
        }
    }

    fn names(self, word: &str) -> bool {
        self.words().iter().any(|listed| match listed.strip_suffix('*') {
            Some(beginning) => word.starts_with(beginning),
            None => word == *listed,
        })
    }
}

/// What a comment is about, in the order of the list.
#[must_use]
pub fn themes(comment: &str) -> Vec<Theme> {
    let folded = folded(comment);
    let words: BTreeSet<&str> = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    Theme::ALL.iter().copied().filter(|theme| words.iter().any(|word| theme.names(word))).collect()
}

/// Lower case, without the accents of our languages.
fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' => 'i',
        'ó' | 'ò' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_about_what_its_words_name_in_either_language() {
        let cases: [(&str, &[Theme]); 6] = [
            ("The box came two days LATE and the bowl was broken.", &[Theme::Delivery, Theme::Packaging, Theme::Damage]),
            ("Llegó tarde, y el embalaje estaba mojado", &[Theme::Delivery, Theme::Packaging]),
            ("Me cobraron los gastos de devolución", &[Theme::Price, Theme::Returns]),
            ("La página va lenta en el móvil", &[Theme::Website]),
            ("Nobody answered the phone; good quality though", &[Theme::Product, Theme::Contact]),
            ("Thank you!", &[]),
        ];
        for (comment, expected) in cases {
            assert_eq!(themes(comment), expected, "{comment}");
        }
    }

    #[test]
    fn a_word_inside_another_names_nothing() {
        assert!(themes("A calculated surprise").is_empty(), "late and price are inside of words here");
    }

    #[test]
    fn words_are_listed_as_they_are_compared() {
        for word in Theme::ALL.iter().flat_map(|theme| theme.words()) {
            assert_eq!(folded(word), **word, "{word}");
            assert!(word.trim_end_matches('*').chars().all(|letter| letter.is_ascii_lowercase()), "{word}");
        }
    }
}
