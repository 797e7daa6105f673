//! Invented people: names, addresses and habits. Nobody lives there, and their mail addresses lead nowhere (`.test`).

use super::chance::Chance;
use domain::{Language, surveys::Device};

/// Somebody who buys here.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub language: Language,
    pub place: Place,
    /// How often they buy in the year, and whether at even distances.
    pub orders: usize,
    pub regular: bool,
    /// Which part of the shelves they like, from 0 to 1.
    pub taste: f64,
    pub device: Device,
    /// How little a delay bothers them, from 0 to 1.
    pub patience: f64,
    /// What they think of shops in general, in points of a scale.
    pub mood: f64,
    /// How likely they are to answer a survey.
    pub answers: f64,
    /// How likely they are to pay for the quick delivery.
    pub hurry: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub line: String,
    pub city: &'static str,
    pub region: &'static str,
    pub postcode: &'static str,
    pub country: &'static str,
}

impl Person {
    pub fn new(seed: u64, index: u64) -> Self {
        let mut chance = Chance::of(seed, "person", index);
        let country = chance.weighted(&COUNTRIES.map(|country| country.weight));
        let Country { code, given, family, streets, towns, spanish, .. } = &COUNTRIES[country];
        let language = if chance.yes(*spanish) { Language::Es } else { Language::En };
        let mut of = |names: &[&'static str]| chance.one(names).copied().unwrap_or_default();
        let (given, family, street) = (of(given), of(family), of(streets));
        let (city, region, postcode) = chance.one(towns).copied().unwrap_or_default();
        let number = chance.between(1, 90);
        let line = if ["GB", "IE", "US"].contains(code) { format!("{number} {street}") } else { format!("{street} {number}") };
        let orders = match chance.weighted(&[0.66, 0.19, 0.08, 0.07]) {
            0 => 1,
            1 => 2,
            2 => 3,
            _ => chance.between(4, 8).unsigned_abs() as usize,
        };
        Self {
            email: format!("{}.{}{}@{}", plain(given), plain(family), index + 1, MAIL[usize::from(chance.yes(0.4))]),
            name: format!("{given} {family}"),
            language,
            place: Place { line, city, region, postcode, country: code },
            orders,
            regular: chance.yes(0.45),
            taste: chance.share(),
            device: [Device::Phone, Device::Desktop, Device::Tablet][chance.weighted(&[0.58, 0.34, 0.08])],
            patience: chance.share(),
            mood: 0.32 * chance.normal(),
            answers: (0.64 + 0.12 * chance.normal()).clamp(0.2, 0.9),
            hurry: if chance.yes(0.2) { 0.8 } else { 0.14 },
        }
    }
}

const MAIL: [&str; 2] = ["correo.example.test", "mail.example.test"];

/// In ASCII, as it can stand in an address.
fn plain(name: &str) -> String {
    let letter = |c: char| match c {
        'á' | 'à' | 'ã' => "a",
        'é' | 'è' | 'ë' => "e",
        'í' | 'ì' => "i",
        'ó' | 'ò' => "o",
        'ú' => "u",
        'ñ' => "n",
        'ç' => "c",
        'ü' => "ue",
        'ö' => "oe",
        'ä' => "ae",
        _ => "",
    };
    let lower = name.to_lowercase();
    lower.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { letter(c).to_owned() }).collect()
}

struct Country {
    code: &'static str,
    weight: f64,
    /// How many read Spanish rather than English.
    spanish: f64,
    given: &'static [&'static str],
    family: &'static [&'static str],
    streets: &'static [&'static str],
    /// City, region where an address needs one, postcode.
    towns: &'static [(&'static str, &'static str, &'static str)],
}

const COUNTRIES: [Country; 7] = [
    Country {
        code: "ES",
        weight: 0.78,
        spanish: 0.9,
        given: &[
            "Amaia", "Blanca", "Candela", "Diego", "Elvira", "Fermín", "Gonzalo", "Inés", "Jimena", "Lorenzo", "Macarena", "Noelia",
            "Óscar", "Pilar", "Quique", "Rocío", "Sergio", "Teresa", "Unai", "Vega", "Ximena", "Yago", "Zoe", "Andrés", "Berta", "Clara",
            "Hugo", "Irene",
        ],
        family: &[
            "Arana", "Bermejo", "Castaño", "Duarte", "Espinosa", "Fuentes", "Gallardo", "Herrero", "Iriarte", "Jurado", "Lozano", "Montes",
            "Navarro", "Olmedo", "Peralta", "Quiroga", "Robles", "Salinas", "Tejada", "Urrutia", "Vidal", "Zamora", "Cordero", "Villar",
        ],
        streets: &[
            "Calle de los Alfareros",
            "Calle del Olivo",
            "Avenida de la Constitución",
            "Plaza del Mercado",
            "Calle Real",
            "Paseo del Río",
            "Calle de la Fuente",
            "Ronda del Norte",
            "Calle de las Huertas",
            "Calle San Roque",
        ],
        towns: &[
            ("Madrid", "", "28012"),
            ("Barcelona", "", "08010"),
            ("Valencia", "", "46003"),
            ("Sevilla", "", "41004"),
            ("Bilbao", "", "48005"),
            ("Zaragoza", "", "50003"),
            ("Granada", "", "18009"),
            ("Oviedo", "", "33003"),
            ("Salamanca", "", "37008"),
            ("Murcia", "", "30001"),
            ("Santander", "", "39003"),
            ("Córdoba", "", "14003"),
            ("Pamplona", "", "31001"),
            ("Málaga", "", "29015"),
        ],
    },
    Country {
        code: "PT",
        weight: 0.05,
        spanish: 0.5,
        given: &["Afonso", "Beatriz", "Catarina", "Duarte", "Leonor", "Tomás"],
        family: &["Azevedo", "Carvalho", "Moreira", "Pacheco", "Teixeira"],
        streets: &["Rua das Flores", "Rua do Poço", "Travessa da Oliveira"],
        towns: &[("Lisboa", "", "1200-109"), ("Porto", "", "4050-253"), ("Coimbra", "", "3000-150")],
    },
    Country {
        code: "FR",
        weight: 0.05,
        spanish: 0.1,
        given: &["Camille", "Édith", "Julien", "Margaux", "Olivier", "Solène"],
        family: &["Barbier", "Colin", "Garnier", "Lacroix", "Morel"],
        streets: &["Rue du Four", "Rue des Tilleuls", "Quai du Port"],
        towns: &[("Toulouse", "", "31000"), ("Bordeaux", "", "33000"), ("Lyon", "", "69002")],
    },
    Country {
        code: "DE",
        weight: 0.05,
        spanish: 0.05,
        given: &["Annika", "Bernd", "Frauke", "Jürgen", "Katrin", "Lasse"],
        family: &["Brandt", "Köhler", "Lindner", "Petersen", "Vogel"],
        streets: &["Lindenstraße", "Am Mühlbach", "Töpfergasse"],
        towns: &[("Köln", "", "50667"), ("Leipzig", "", "04109"), ("Hamburg", "", "20095")],
    },
    Country {
        code: "IE",
        weight: 0.02,
        spanish: 0.05,
        given: &["Aoife", "Ciarán", "Niamh", "Rory"],
        family: &["Brennan", "Doyle", "Kelleher", "Nolan"],
        streets: &["Orchard Road", "Mill Lane", "Harbour Street"],
        towns: &[("Dublin", "", "D02 AF30"), ("Cork", "", "T12 W8KP")],
    },
    Country {
        code: "GB",
        weight: 0.03,
        spanish: 0.03,
        given: &["Alistair", "Bronwen", "Fiona", "Gareth", "Imogen", "Rowan"],
        family: &["Ashworth", "Fairbairn", "Hollis", "Penrose", "Whitcombe"],
        streets: &["Kiln Lane", "Station Road", "Church Street"],
        towns: &[("Bristol", "", "BS1 4DJ"), ("Leeds", "", "LS1 5AB"), ("Edinburgh", "", "EH1 2NG")],
    },
    Country {
        code: "US",
        weight: 0.02,
        spanish: 0.1,
        given: &["Dana", "Harper", "Marcus", "Wren"],
        family: &["Calloway", "Hensley", "Ortega", "Whitaker"],
        streets: &["Maple Avenue", "Juniper Street"],
        towns: &[("Portland", "OR", "97205"), ("Austin", "TX", "78701")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{address, checkout::is_email};

    #[test]
    fn everybody_has_an_address_that_the_checkout_takes_and_that_is_theirs_alone() {
        let people: Vec<Person> = (0..3000).map(|index| Person::new(7, index)).collect();
        for Person { name, email, place, .. } in &people {
            assert!(is_email(email) && email.is_ascii() && email.ends_with(".example.test"), "{email}");
            let country = address::Country::by_code(place.country).unwrap();
            assert_eq!(country.postcode(place.postcode).as_deref(), Some(place.postcode), "{place:?}");
            assert!(country.regions.is_empty() == place.region.is_empty() && !name.is_empty());
        }
        let distinct: std::collections::BTreeSet<&str> = people.iter().map(|person| person.email.as_str()).collect();
        assert_eq!(distinct.len(), people.len());
        assert_eq!(people[5], Person::new(7, 5));
        assert_ne!(people[5], Person::new(8, 5));
    }
}
