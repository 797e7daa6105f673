//! Where parcels go: which fields a country's addresses have and what its postcodes look like.

use serde::{Deserialize, Serialize};

/// An address as it will stand on the parcel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Address {
    pub line1: String,
    pub line2: String,
    pub city: String,
    /// State or province; for Spain the province's code, known from the postcode.
    pub region: String,
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl Address {
    /// As it is written on a parcel to `name`, without its empty lines.
    #[must_use]
    pub fn lines(&self, name: &str, language: crate::Language) -> Vec<String> {
        let country = Country::by_code(&self.country);
        let region = country.and_then(|country| country.regions.iter().find(|(code, _)| *code == self.region)).map_or("", |(_, name)| name);
        let place: Vec<&str> = [self.postcode.as_str(), &self.city, region].into_iter().filter(|part| !part.is_empty()).collect();
        let country = country.map_or(self.country.as_str(), |country| country.name(language));
        let lines = [name, &self.line1, &self.line2, &place.join(" "), country].map(ToOwned::to_owned);
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }
}

/// What a country's addresses need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    pub code: &'static str,
    pub es: &'static str,
    pub en: &'static str,
    /// 9 is any digit, A any letter, a space is optional. Empty: the country has no postcodes.
    pub postcodes: &'static [&'static str],
    pub postcode_example: &'static str,
    /// The states to choose from, as (code, name); empty where an address needs none.
    pub regions: &'static [(&'static str, &'static str)],
}

/// The countries the forms know, in the order they are offered.
pub const COUNTRIES: &[Country] = &[
    Country { code: "ES", es: "España", en: "Spain", postcodes: &["99999"], postcode_example: "28013", regions: &[] },
    Country { code: "PT", es: "Portugal", en: "Portugal", postcodes: &["9999-999"], postcode_example: "1100-148", regions: &[] },
    Country { code: "FR", es: "Francia", en: "France", postcodes: &["99999"], postcode_example: "75001", regions: &[] },
    Country { code: "DE", es: "Alemania", en: "Germany", postcodes: &["99999"], postcode_example: "10115", regions: &[] },
    Country { code: "IT", es: "Italia", en: "Italy", postcodes: &["99999"], postcode_example: "00184", regions: &[] },
    Country { code: "NL", es: "Países Bajos", en: "Netherlands", postcodes: &["9999 AA"], postcode_example: "1012 AB", regions: &[] },
    Country { code: "BE", es: "Bélgica", en: "Belgium", postcodes: &["9999"], postcode_example: "1000", regions: &[] },
    Country { code: "AT", es: "Austria", en: "Austria", postcodes: &["9999"], postcode_example: "1010", regions: &[] },
    Country {
        code: "IE",
        es: "Irlanda",
        en: "Ireland",
        postcodes: &[
            "A99 9999", "A99 AAAA", "A99 A999", "A99 AA99", "A99 9A99", "A99 AAA9", "A99 9AA9", "A99 99A9", "A99 A9A9", "A9A AAAA",
            "A9A 9999", "A99 999A", "A99 A99A", "A99 9A9A", "A99 AA9A", "A99 99AA", "A99 9AAA", "A99 A9AA",
        ],
        postcode_example: "D02 AF30",
        regions: &[],
    },
    Country {
        code: "GB",
        es: "Reino Unido",
        en: "United Kingdom",
        postcodes: &["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"],
        postcode_example: "SW1A 1AA",
        regions: &[],
    },
    Country { code: "CH", es: "Suiza", en: "Switzerland", postcodes: &["9999"], postcode_example: "8001", regions: &[] },
    Country {
        code: "US",
        es: "Estados Unidos",
        en: "United States",
        postcodes: &["99999", "99999-9999"],
        postcode_example: "10001",
        regions: US_STATES,
    },
    Country { code: "CA", es: "Canadá", en: "Canada", postcodes: &["A9A 9A9"], postcode_example: "K1A 0B1", regions: CA_PROVINCES },
    Country { code: "MX", es: "México", en: "Mexico", postcodes: &["99999"], postcode_example: "06000", regions: MX_STATES },
];

const US_STATES: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

const CA_PROVINCES: &[(&str, &str)] = &[
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NS", "Nova Scotia"),
    ("NT", "Northwest Territories"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Québec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
];

const MX_STATES: &[(&str, &str)] = &[
    ("AGU", "Aguascalientes"),
    ("BCN", "Baja California"),
    ("BCS", "Baja California Sur"),
    ("CAM", "Campeche"),
    ("CHP", "Chiapas"),
    ("CHH", "Chihuahua"),
    ("CMX", "Ciudad de México"),
    ("COA", "Coahuila"),
    ("COL", "Colima"),
    ("DUR", "Durango"),
    ("GUA", "Guanajuato"),
    ("GRO", "Guerrero"),
    ("HID", "Hidalgo"),
    ("JAL", "Jalisco"),
    ("MEX", "México"),
    ("MIC", "Michoacán"),
    ("MOR", "Morelos"),
    ("NAY", "Nayarit"),
    ("NLE", "Nuevo León"),
    ("OAX", "Oaxaca"),
    ("PUE", "Puebla"),
    ("QUE", "Querétaro"),
    ("ROO", "Quintana Roo"),
    ("SLP", "San Luis Potosí"),
    ("SIN", "Sinaloa"),
    ("SON", "Sonora"),
    ("TAB", "Tabasco"),
    ("TAM", "Tamaulipas"),
    ("TLA", "Tlaxcala"),
    ("VER", "Veracruz"),
    ("YUC", "Yucatán"),
    ("ZAC", "Zacatecas"),
];

impl Country {
    #[must_use]
    pub fn by_code(code: &str) -> Option<&'static Self> {
        COUNTRIES.iter().find(|c| c.code == code)
    }

    #[must_use]
    pub fn name(&self, language: crate::Language) -> &'static str {
        match language {
            crate::Language::Es => self.es,
            crate::Language::En => self.en,
        }
    }

    /// Its name after "in" or "to".
    #[must_use]
    pub fn in_sentence(&self, language: crate::Language) -> String {
        let article = language == crate::Language::En && matches!(self.code, "NL" | "GB" | "US");
        format!("{}{}", if article { "the " } else { "" }, self.name(language))
    }

    /// The postcode as the country writes it (upper case, its space or hyphen put in), when it can be one.
    #[must_use]
    pub fn postcode(&self, typed: &str) -> Option<String> {
        let compact: Vec<char> = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let written = self.postcodes.iter().find_map(|pattern| fit(pattern, &compact))?;
        let spanish_province = || written[..2].parse().is_ok_and(|province: u8| (1..=52).contains(&province));
        (self.code != "ES" || spanish_province()).then_some(written)
    }
}

fn fit(pattern: &str, typed: &[char]) -> Option<String> {
    let mut rest = typed.iter();
    let mut written = String::with_capacity(pattern.len());
    for expected in pattern.chars() {
        match expected {
            '9' => written.push(*rest.next().filter(|c| c.is_ascii_digit())?),
            'A' => written.push(*rest.next().filter(|c| c.is_ascii_alphabetic())?),
            separator => written.push(separator),
        }
    }
    rest.next().is_none().then_some(written)
}

/// The region that decides the tax of a Spanish address: the islands and cities outside the VAT area
/// by the first two digits of the postcode (07 Balearics, 35 Las Palmas, 38 Tenerife, 51 Ceuta, 52 Melilla).
#[must_use]
pub fn spanish_region(postcode: &str) -> &'static str {
    match postcode.get(..2) {
        Some("07") => "PM",
        Some("35") => "GC",
        Some("38") => "TF",
        Some("51") => "CE",
        Some("52") => "ML",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postcode(country: &str, typed: &str) -> Option<String> {
        Country::by_code(country).unwrap().postcode(typed)
    }

    #[test]
    fn postcodes_are_read_generously_and_written_properly() {
        assert_eq!(postcode("ES", " 28013 ").as_deref(), Some("28013"));
        assert_eq!(postcode("PT", "1100148").as_deref(), Some("1100-148"));
        assert_eq!(postcode("GB", "sw1a1aa").as_deref(), Some("SW1A 1AA"));
        assert_eq!(postcode("NL", "1012ab").as_deref(), Some("1012 AB"));
        assert_eq!(postcode("US", "10001-1234").as_deref(), Some("10001-1234"));
        for country in COUNTRIES {
            assert_eq!(country.postcode(country.postcode_example).as_deref(), Some(country.postcode_example), "{}", country.code);
        }
    }

    #[test]
    fn what_cannot_be_a_postcode_is_none() {
        assert_eq!(postcode("ES", "2801"), None);
        assert_eq!(postcode("ES", "99123"), None);
        assert_eq!(postcode("ES", "280133"), None);
        assert_eq!(postcode("GB", "12345"), None);
        assert_eq!(postcode("ES", "ñ8013"), None);
    }

    #[test]
    fn an_address_is_written_with_its_state_and_without_empty_lines() {
        let text = |text: &str| text.to_owned();
        let address = Address {
            line1: text("1 Main Street"),
            line2: String::new(),
            city: text("Austin"),
            region: text("TX"),
            postcode: text("73301"),
            country: text("US"),
        };
        let spanish = ["Ann Lee", "1 Main Street", "73301 Austin Texas", "Estados Unidos"];
        assert_eq!(address.lines("Ann Lee", crate::Language::Es), spanish);
        let madrid = Address { city: text("Madrid"), region: text("M"), postcode: text("28013"), country: text("ES"), ..address };
        assert_eq!(madrid.lines("Ana", crate::Language::En), ["Ana", "1 Main Street", "28013 Madrid", "Spain"]);
    }

    #[test]
    fn the_canary_islands_are_known_by_their_postcodes() {
        assert_eq!(spanish_region("38001"), "TF");
        assert_eq!(spanish_region("07001"), "PM");
        assert_eq!(spanish_region("28013"), "");
    }
}
