//! The few drawings of the interface, in lines of the text's colour. They decorate: the words stand beside them.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Search,
    Basket,
    Menu,
    Close,
    Down,
    Right,
    Left,
    Parcel,
    Return,
    Hand,
    Filter,
    Person,
    Speech,
    Clip,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::Search => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm5 11.5L21 21",
            Self::Basket => "M3 9h18l-2 11H5L3 9Zm5 0 3-6m5 6-3-6",
            Self::Menu => "M3 6h18M3 12h18M3 18h18",
            Self::Close => "m5 5 14 14M19 5 5 19",
            Self::Down => "m6 9 6 6 6-6",
            Self::Right => "m9 5 7 7-7 7",
            Self::Left => "m15 5-7 7 7 7",
            Self::Parcel => "M3 7.5 12 3l9 4.5v9L12 21l-9-4.5v-9Zm0 0 9 4.5m0 0 9-4.5M12 12v9M7.5 5.2l9 4.5",
            Self::Return => "M4 9h11a5 5 0 0 1 0 10H8M8 5 4 9l4 4",
            Self::Hand => "M4 11c0 5 3 9 8 9s8-4 8-9H4Zm3-4c0-1 1-1 1-2m4 2c0-1 1-1 1-2m4 2c0-1 1-1 1-2",
            Self::Person => "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4 20c1-4 4-5.5 8-5.5s7 1.5 8 5.5",
            Self::Speech => "M4 5h16v11H10l-5 4v-4H4V5Zm4 4h8m-8 3.5h5",
            Self::Clip => "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.6 1.6 0 0 1-2.4-2.4l7.6-7.5",
            Self::Filter => "M4 7h10m4 0h2M4 17h2m4 0h10M16 4.5v5M8 14.5v5",
        }
    }
}

#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><path d=shape.path()/></svg> }
}
