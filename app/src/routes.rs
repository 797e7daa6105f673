//! Every page of the shop and its address. Addresses begin with the language: `/es/..`, `/en/..`.

use crate::{
    account::pages as account,
    backoffice,
    cart::pages as cart,
    catalog::pages as catalog,
    chat::pages as chat,
    checkout::pages as checkout,
    complaints::pages as complaints,
    console::pages as console,
    customers::pages as customers,
    help::pages as help,
    layout::{Layout, Lost, info::Info},
    orders::pages as orders,
    promises::pages as promises,
    quality::pages as quality,
    quality_health, reports,
    surveys::pages as surveys,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Router, Routes},
    path,
};

#[component]
pub fn Routing() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=Lost>
                <ParentRoute path=path!("/:language/desk/surveys") view=backoffice::Room ssr=SsrMode::Async>
                    <Route path=path!("") view=surveys::InstrumentsPage ssr=SsrMode::Async/>
                    <Route path=path!(":code") view=surveys::InstrumentPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/:language/desk/quality") view=backoffice::Room ssr=SsrMode::Async>
                    <Route path=path!("") view=quality::QualityPage ssr=SsrMode::Async/>
                    <Route path=path!("instrument") view=quality_health::InstrumentPage ssr=SsrMode::Async/>
                    <Route path=path!("answers") view=quality_health::AnswersPage ssr=SsrMode::Async/>
                    <Route path=path!("comments") view=quality_health::CommentsPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/:language/desk/customers") view=backoffice::Room ssr=SsrMode::Async>
                    <Route path=path!("") view=customers::CustomersPage ssr=SsrMode::Async/>
                    <Route path=path!(":id") view=customers::CustomerPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/:language/desk/cases") view=backoffice::Room ssr=SsrMode::Async>
                    <Route path=path!("") view=surveys::CasesPage ssr=SsrMode::Async/>
                    <Route path=path!(":number") view=surveys::CasePage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/:language/survey") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("") view=surveys::SurveyPage ssr=SsrMode::Async/>
                    <Route path=path!("stop") view=surveys::StopPage ssr=SsrMode::Async/>
                    <Route path=path!("case") view=surveys::CaseOfPersonPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/:language/desk") view=backoffice::Room ssr=SsrMode::Async>
                    <Route path=path!("") view=console::ConsolePage ssr=SsrMode::Async/>
                    <Route path=path!("contact") view=console::ContactPage ssr=SsrMode::Async/>
                    <Route path=path!("templates") view=console::TemplatesPage ssr=SsrMode::Async/>
                    <Route path=path!("scripts") view=console::ScriptsPage ssr=SsrMode::Async/>
                    <Route path=path!("reviews") view=console::ReviewsPage ssr=SsrMode::Async/>
                    <Route path=path!("blocked") view=console::BlockedPage ssr=SsrMode::Async/>
                    <Route path=path!("routing") view=console::RoutingPage ssr=SsrMode::Async/>
                    <ParentRoute path=path!("") view=Outlet ssr=SsrMode::Async>
                        <Route path=path!("login") view=backoffice::pages::LogIn ssr=SsrMode::Async/>
                        <Route path=path!("login/code") view=backoffice::pages::Code ssr=SsrMode::Async/>
                        <Route path=path!("forgotten") view=backoffice::pages::Forgotten ssr=SsrMode::Async/>
                        <Route path=path!("password") view=backoffice::pages::ChoosePassword ssr=SsrMode::Async/>
                    </ParentRoute>
                    <ParentRoute path=path!("complaints") view=Outlet ssr=SsrMode::Async>
                        <Route path=path!("") view=complaints::ListPage ssr=SsrMode::Async/>
                        <Route path=path!("new") view=complaints::DeskNewPage ssr=SsrMode::Async/>
                        <Route path=path!("causes") view=complaints::CausesPage ssr=SsrMode::Async/>
                        <Route path=path!(":number") view=complaints::ComplaintPage ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("promises") view=promises::PromisesPage ssr=SsrMode::Async/>
                    <ParentRoute path=path!("reports") view=Outlet ssr=SsrMode::Async>
                        <Route path=path!("") view=reports::pages::ReportsPage ssr=SsrMode::Async/>
                        <Route path=path!("measured") view=reports::measured::MeasuredPage ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("me") view=backoffice::pages::Me ssr=SsrMode::Async/>
                    <Route path=path!("staff") view=backoffice::pages::Staff ssr=SsrMode::Async/>
                    <Route path=path!("audit") view=backoffice::pages::Audit ssr=SsrMode::Async/>
                    <ParentRoute path=path!("articles") view=Outlet ssr=SsrMode::Async>
                        <Route path=path!("") view=help::ArticleList ssr=SsrMode::Async/>
                        <Route path=path!(":id") view=help::ArticleDesk ssr=SsrMode::Async/>
                    </ParentRoute>
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
                    <Route path=path!("complaints/new") view=complaints::NewPage ssr=SsrMode::Async/>
                    <Route path=path!("complaint/:number") view=complaints::FollowPage ssr=SsrMode::Async/>
                    <Route path=path!("chat") view=chat::ChatPage ssr=SsrMode::Async/>
                    <Route path=path!("help") view=help::HelpPage ssr=SsrMode::Async/>
                    <Route path=path!("help/:slug") view=help::ArticlePage ssr=SsrMode::Async/>
                    <Route path=path!("info/:topic") view=Info ssr=SsrMode::Async/>
                    <ParentRoute path=path!("account") view=Outlet ssr=SsrMode::Async>
                        <Route path=path!("") view=account::Orders ssr=SsrMode::Async/>
                        <Route path=path!("addresses") view=account::Addresses ssr=SsrMode::Async/>
                        <Route path=path!("settings") view=account::Settings ssr=SsrMode::Async/>
                        <Route path=path!("login") view=account::LogIn ssr=SsrMode::Async/>
                        <Route path=path!("register") view=account::Register ssr=SsrMode::Async/>
                        <Route path=path!("forgotten") view=account::Forgotten ssr=SsrMode::Async/>
                        <Route path=path!("sent") view=account::Sent ssr=SsrMode::Async/>
                        <Route path=path!("link") view=account::ByLink ssr=SsrMode::Async/>
                        <Route path=path!("confirm") view=account::Confirm ssr=SsrMode::Async/>
                        <Route path=path!("password") view=account::ChoosePassword ssr=SsrMode::Async/>
                        <Route path=path!("email") view=account::ConfirmEmail ssr=SsrMode::Async/>
                        <Route path=path!("delete") view=account::Delete ssr=SsrMode::Async/>
                        <Route path=path!("deleted") view=account::Deleted ssr=SsrMode::Async/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
