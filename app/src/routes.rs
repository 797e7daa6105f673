//! Every page of the shop and its address. Addresses begin with the language: `/es/..`, `/en/..`.

use crate::{
    backoffice,
    cart::pages as cart,
    catalog::pages as catalog,
    checkout::pages as checkout,
    console::pages as console,
    layout::{Layout, Lost, info::Info},
    orders::pages as orders,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

#[component]
pub fn Routing() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=Lost>
                <ParentRoute path=path!("/:language/desk") view=backoffice::Room ssr=SsrMode::Async>
                    <Route path=path!("") view=console::ConsolePage ssr=SsrMode::Async/>
                    <Route path=path!("contact") view=console::ContactPage ssr=SsrMode::Async/>
                    <Route path=path!("templates") view=console::TemplatesPage ssr=SsrMode::Async/>
                    <Route path=path!("reviews") view=console::ReviewsPage ssr=SsrMode::Async/>
                    <Route path=path!("routing") view=console::RoutingPage ssr=SsrMode::Async/>
                    <Route path=path!("login") view=backoffice::pages::LogIn ssr=SsrMode::Async/>
                    <Route path=path!("login/code") view=backoffice::pages::Code ssr=SsrMode::Async/>
                    <Route path=path!("forgotten") view=backoffice::pages::Forgotten ssr=SsrMode::Async/>
                    <Route path=path!("password") view=backoffice::pages::ChoosePassword ssr=SsrMode::Async/>
                    <Route path=path!("me") view=backoffice::pages::Me ssr=SsrMode::Async/>
                    <Route path=path!("staff") view=backoffice::pages::Staff ssr=SsrMode::Async/>
                    <Route path=path!("audit") view=backoffice::pages::Audit ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/:language") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("") view=catalog::Home ssr=SsrMode::Async/>
                    <Route path=path!("c/:slug") view=catalog::Category ssr=SsrMode::Async/>
                    <Route path=path!("p/:slug") view=catalog::Product ssr=SsrMode::Async/>
                    <Route path=path!("search") view=catalog::Search ssr=SsrMode::Async/>
                    <Route path=path!("cart") view=cart::CartPage ssr=SsrMode::Async/>
                    <Route path=path!("checkout") view=checkout::CheckoutPage ssr=SsrMode::Async/>
                    <Route path=path!("checkout/return") view=orders::PaymentReturn ssr=SsrMode::Async/>
                    <Route path=path!("order/:number") view=orders::OrderPage ssr=SsrMode::Async/>
                    <Route path=path!("track") view=orders::TrackPage ssr=SsrMode::Async/>
                    <Route path=path!("info/:topic") view=Info ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
